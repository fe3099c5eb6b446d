// The view of the map: where the story puts it, and where the reader has moved it.

import { fitMap } from "./frame.js";

/** @typedef {import("./types.js").Bounds} Bounds */

/**
 * @param {any} L
 * @param {any} map
 * @param {import("./types.js").State} state
 */
export function createCamera(L, map, state) {
  /** Where the story has put the map, and whether it is on its way there. */
  let home = "";
  let led = false;
  /** The box that the map is told to show: what it shows is as wide as the window lets it be. @type {Bounds | null} */
  let told = null;
  const stand = () => `${map.getCenter()} ${map.getZoom()}`;
  /** Leaflet goes nowhere else while it zooms: it arrives first. */
  const arrive = () => map._onZoomTransitionEnd();

  map.on("moveend", () => {
    if (led) [led, home] = [false, stand()];
    const box = stand() === home ? null : (told ?? map.getBounds().toBBoxString().split(",").map(Number));
    if (String(box) !== String(state.view.box)) state.set({ box });
  });

  return {
    /** Takes the size of the map anew, which moves it too; gives the box that the reader had chosen before. */
    measure() {
      const { box } = state.view;
      led = !box;
      map.invalidateSize({ animate: false });
      return box;
    },
    /** Shows a box of the story. @param {Bounds} box @param {Bounds} limits @param {boolean} close @param {boolean} animate */
    fit(box, limits, close, animate) {
      arrive();
      led = true;
      fitMap(L, map, box, limits, close, animate);
    },
    /** Brings a place of the story into view. @param {[number, number]} at @param {boolean} animate */
    pan([lon, lat], animate) {
      led = true;
      map.panTo([lat, lon], { animate, duration: 0.3 });
    },
    /** Shows a box that the reader has chosen. @param {Bounds} box */
    look(box) {
      const [west, south, east, north] = (told = box);
      arrive();
      map.fitBounds(L.latLngBounds([south, west], [north, east]), { animate: false });
      told = null;
    },
  };
}
