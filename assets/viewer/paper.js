// Printing: everything that the page says, on paper of the usual sizes.

/**
 * @param {HTMLElement} root
 * @param {{ tables: () => void, resize: () => void }} parts made ready while the page is laid out for paper
 */
export function listenPrint(root, { tables, resize }) {
  const before = () => {
    root.classList.add("fc-paper");
    tables();
    resize();
  };
  const after = () => {
    root.classList.remove("fc-paper");
    resize();
  };
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
}
