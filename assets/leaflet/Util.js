// Leaflet's core/Util.js for browsers of today: the same functions, by what the language has of its own.

// Inherited properties too: options inherit from the options of the class above.
export function extend(target, ...sources) {
  for (const source of sources) for (const key in source) target[key] = source[key];
  return target;
}

export const create = Object.create;
export const isArray = Array.isArray;
export const bind = (act, ...given) => act.bind(...given);
export const falseFn = () => false;
export const trim = (text) => text.trim();
export const splitWords = (text) => text.trim().split(/\s+/);
export const indexOf = (list, value) => list.indexOf(value);

let last = 0;
export const stamp = (thing) => (thing._leaflet_id ??= ++last);

export function wrapNum(value, [min, max], whole) {
  const span = max - min;
  return value === max && whole ? value : ((((value - min) % span) + span) % span) + min;
}

export function formatNum(value, digits = 6) {
  return digits === false ? value : Number(value.toFixed(digits));
}

export function setOptions(thing, options) {
  if (!Object.hasOwn(thing, "options")) thing.options = Object.create(thing.options ?? Object.prototype);
  return extend(thing.options, options);
}

export const requestAnimFrame = (act, context) => requestAnimationFrame(act.bind(context));
export const cancelAnimFrame = (id) => cancelAnimationFrame(id);
