// The language of the page and the side from which it is read: Streamlit's own page knows one language only.

/** @param {{ data: { language: string, direction: string } }} component */
export function render({ data }) {
  document.documentElement.lang = data.language;
  document.documentElement.dir = data.direction;
}
