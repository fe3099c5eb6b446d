// Columns of the scene become plain numbers.

/** @typedef {import("./types.js").Column} Column */
/** @typedef {import("./types.js").Path} Path */
/** @typedef {import("./types.js").Points} Points */

/** What was decoded: a long column is asked for by several. @type {WeakMap<Column, number[]>} */
const known = new WeakMap();

/**
 * @param {Column | undefined} column
 * @returns {number[]} not to be changed
 */
export function decodeColumn(column) {
  if (!column) return [];
  let sum = 0;
  const values = known.get(column) ?? column.deltas.map((delta) => (sum += delta) * column.quantum);
  known.set(column, values);
  return values;
}

/**
 * @param {Path} path
 * @returns {Points}
 */
export function decodePath(path) {
  return {
    lon: decodeColumn(path.lon),
    lat: decodeColumn(path.lat),
    time: decodeColumn(path.time),
    doubt_m: decodeColumn(path.doubt_m),
  };
}

/**
 * Latitude first, as Leaflet wants it.
 * @param {Path} path
 * @returns {[number, number][]}
 */
export function decodeLatLngs(path) {
  const { lon, lat } = decodePath(path);
  return lon.map((x, i) => [lat[i] ?? 0, x]);
}

/**
 * A line of the basemap: lon, lat, lon, lat, … as differences.
 * @param {number[]} flat
 * @param {number} quantum degrees per unit
 * @returns {[number, number][]} latitude first
 */
export function decodeFlat(flat, quantum) {
  /** @type {[number, number][]} */
  const line = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    lon += flat[i] ?? 0;
    lat += flat[i + 1] ?? 0;
    line.push([lat * quantum, lon * quantum]);
  }
  return line;
}

/**
 * Index of the last value that is not above x; -1 before the first.
 * @param {number[]} sorted
 * @param {number} x
 */
export function findIndex(sorted, x) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where the aircraft is on a path that carries times.
 * @param {Points} points
 * @param {number} time
 * @returns {{ lon: number, lat: number, doubt_m: number, bearing: number } | null} bearing in degrees; null outside the path's time
 */
export function interpolate(points, time) {
  const { lon, lat, doubt_m } = points;
  const last = points.time.length - 1;
  if (last < 1 || time < (points.time[0] ?? 0) || time > (points.time[last] ?? 0)) return null;
  const i = Math.min(findIndex(points.time, time), last - 1);
  const t0 = points.time[i] ?? 0;
  const t1 = points.time[i + 1] ?? t0;
  const share = t1 > t0 ? (time - t0) / (t1 - t0) : 0;
  /** @param {number[]} values */
  const mix = (values) => (values[i] ?? 0) + ((values[i + 1] ?? 0) - (values[i] ?? 0)) * share;
  // A standing aircraft keeps the direction in which it last moved.
  let a = i;
  while (a > 0 && lon[a] === lon[a + 1] && lat[a] === lat[a + 1]) a -= 1;
  const east = ((lon[a + 1] ?? 0) - (lon[a] ?? 0)) * Math.cos(((lat[a] ?? 0) * Math.PI) / 180);
  const north = (lat[a + 1] ?? 0) - (lat[a] ?? 0);
  return { lon: mix(lon), lat: mix(lat), doubt_m: mix(doubt_m), bearing: (Math.atan2(east, north) * 180) / Math.PI };
}
