// The shapes of docs/scene.md, for tsc and for editors.

/** The form of the scene that this viewer draws. */
export const SCENE_VERSION = 1;

/** @typedef {string | { text: string, lang: string }} Words */
/** @typedef {Words | Words[]} Joined read one after the other */
/** @typedef {[number, number]} LonLat degrees, WGS 84, longitude unwrapped */
/** @typedef {[number, number, number, number]} Bounds west, south, east, north */
/** @typedef {{ quantum: number, deltas: number[] }} Column */
/** @typedef {{ lon: Column, lat: Column, time?: Column, doubt_m?: Column }} Path */
/** @typedef {"confirmed" | "stated" | "disputed" | "inferred"} Grade */

/** @typedef {{ from: number, to: number, style: string, evidence: string, basis: string, sources: string[], text: string, spoken: string, aircraft: boolean }} StateSpan */
/** @typedef {{ from: number, to: number, style: string, text: string, short?: string }} Head */
/** @typedef {{ at: number, text: string }} Tick */
/** @typedef {{ start: number, end: number, opens: number, from_text: string, to_text: string, ticks: Tick[], coarse_ticks: Tick[], pace: number }} TimeSpan */
/** @typedef {{ name: string, zone: string, offsets: [number, number][] }} NamedClock */
/** @typedef {{ at: number, value: number, text: string, short?: string, filled: boolean, false: boolean }} Dot */
/** @typedef {{ factor: number, step: number, plus: string, minus: string, group: string, point: string, unit: string }} NumberFormat times factor, rounded to step, written with these signs */
/**
 * @typedef {object} Quantity
 * @property {string} caption
 * @property {number} [low] value at the lower edge, 0 without
 * @property {number} top value at the upper edge
 * @property {string} top_text
 * @property {{ time: Column, value: Column }[]} series
 * @property {NumberFormat | null} format null: too coarse to be told
 */
/** @typedef {Omit<Quantity, "format"> & { dots: Dot[], missing: { from: number, to: number, text: string } | null, format?: NumberFormat | null }} Profile altitude */

/** @typedef {{ id: string, style: string, evidence: string, basis: string, sources: string[], path: Path, label: Words | null, short_label: Words | null, crosses?: LonLat[] }} Line */
/** @typedef {{ style: string, line: string, ring: Path }} Band line: the id of that which it lies around */
/** @typedef {{ id: string, event: string, at: LonLat, ring: Path }} Ring */
/** @typedef {{ name: Words | null, note: Words | null, short_note: Words | null, at: LonLat, kind: string, rank: number }} Place */
/** @typedef {{ event: string, at: LonLat, ring: string | null, label: Words | null, label_note: Words | null }} EventMarker */
/** @typedef {{ text: string, short: string | null, at: LonLat, kind: string, rank: number }} MapName */
/** @typedef {{ name: Words, style: "other" | "traffic", sources: string[], fixes: number, within_m: number, paths: Path[] }} Other another aircraft; a path for each time without a gap */
/** @typedef {{ place: string, ident: [string, string], from: LonLat, to: LonLat, width_m: number, text: string }} Runway ident: its numbers, that of `from` first */
/** @typedef {{ url: string, max_zoom: number, attribution: Words, load: string, remove: string, note: string }} Tiles */
/**
 * @typedef {object} MapScene
 * @property {Bounds} fit
 * @property {Bounds} limits
 * @property {Words | null} stamp
 * @property {string} pill
 * @property {{ m: number, text: string }[]} scale_bar
 * @property {Line[]} lines
 * @property {Band[]} bands
 * @property {{ from: number, to: number, rings: Path[], frames: { at: number, ring: Path }[] }[]} reaches
 * @property {{ text: string, aircraft: Other[] }} [others]
 * @property {Ring[]} rings
 * @property {Place[]} places
 * @property {EventMarker[]} markers
 * @property {MapName[]} names
 * @property {Runway[]} [runways]
 * @property {Tiles} [tiles]
 * @property {string} credit
 */

/** @typedef {{ letter: string | null, by: Words, says: Words, detail: Words | null, leak: boolean, time_text: string | null, cites: string | null }} Claim */
/** @typedef {{ id: string, before: string, link: string, after: Joined, url: string | null, language?: string | null, archived?: { text: string, url: string } }} Source */
/** @typedef {{ text: Words | null, unknown: Words | null, times?: string, groups: { heading: Words, claims: Claim[] }[], sources: Source[] }} Card */
/** @typedef {{ style: string, text: Joined, short?: string }} LegendLine */
/**
 * @typedef {object} Closeup
 * @property {Bounds} fit
 * @property {{ letter: string, at: LonLat, from: LonLat | null, label: Words, note: Words | null }[]} marks
 * @property {{ style?: string, letter?: string, ring: Path, label: Words | null }[]} rings
 * @property {{ letter?: string, ring: Path, label: Words | null }[]} wedges the ring begins at the apex
 * @property {LegendLine[]} legend
 */
/**
 * @typedef {object} SceneEvent
 * @property {string} id
 * @property {string | null} number
 * @property {boolean} main
 * @property {boolean} aftermath
 * @property {boolean} mapped
 * @property {number} start
 * @property {number} end
 * @property {string} datetime
 * @property {string | null} [until] of an interval: its end, written as datetime
 * @property {string} time_text
 * @property {string} local_text
 * @property {string} long_time
 * @property {Words} title
 * @property {Grade} grade
 * @property {string} grade_text
 * @property {Joined | null} note
 * @property {string} name
 * @property {Card} card
 * @property {Closeup | null} closeup
 */
/** @typedef {{ id: string, count: string, event: string | null, time: number, time_text: string, view: Bounds | "event" | null, title: Words, text: Words, sources: string[] }} Step view: a box, the event's own frame, or the whole route */
/** @typedef {Record<"heading" | "open" | "close" | "back" | "previous" | "next" | "more", string> & { steps: Step[] }} Story */
/** @typedef {{ text: string, note: string, from_text: string, to_text: string, short_text: string, link: string, break_text: string, break_note: string, end_note: Words | null }} Aftermath */
/** @typedef {{ caption: string, columns: string[], rows: Joined[][] }} Grid */
/** @typedef {{ title: string, note: string, full: string, lines: LegendLine[], grades: { grade: Grade, text: string }[] }} Legend */
/**
 * @typedef {object} Scene
 * @property {number} scene
 * @property {string} id
 * @property {string} language
 * @property {string} direction
 * @property {string} units
 * @property {Words} title
 * @property {Words} standfirst
 * @property {string} description
 * @property {string} flight
 * @property {string | null} updated ISO 8601
 * @property {string} [version] of the case, eight hexadecimal digits
 * @property {TimeSpan} time
 * @property {NamedClock[]} clocks
 * @property {StateSpan[]} states
 * @property {Head[]} heads
 * @property {{ paces: { factor: number, text: string }[], skips: { from: number, to: number, text: string }[] }} [playback]
 * @property {Profile | null} profile
 * @property {Quantity[]} [profiles] other quantities that were received
 * @property {MapScene} map
 * @property {{ heading: string, more: string, fewer: string }} list
 * @property {SceneEvent[]} events
 * @property {Aftermath | null} aftermath
 * @property {Story | null} [story]
 * @property {Legend} legend
 * @property {Joined[]} footer
 * @property {{ date: string, datetime: string, text: Words }[]} corrections
 * @property {string | null} corrected leads to them
 * @property {{ caption: string, columns: string[] }} table
 * @property {Grid} [state_table]
 * @property {Grid} [facts_table]
 * @property {Source[]} other_sources that no event cites
 * @property {{ from: number, step: number, texts: string[] } | null} distances
 * @property {Record<string, string>} words map timeline time play pause speed skip previous next zoom_in zoom_out reset show_table hide_table sources corrections utc close leak filter grade kind mapped unmapped accounts showing show_all copy copied copy_by_hand places reach
 */

/** @typedef {{ quantum: number, land: number[][][], lakes: number[][][], coast: number[][], borders: number[][], disputed: number[][] }} Basemap */
/** @typedef {{ L?: any, map?: any, basemap?: Basemap | null, tiles?: typeof import("./tiles.js").createTiles, hash?: boolean, failed?: (error: unknown) => void, languages?: import("./languages.js").Language[], scheme?: "light" | "dark" | null }} MountOptions */
/** @typedef {{ lon: number[], lat: number[], time: number[], doubt_m: number[] }} Points columns of one length; time and doubt_m may be empty */
/** @typedef {{ time: number, selected: string | null, current: string | null, playing: boolean, all: boolean, hidden: Set<string>, table: boolean, skip: string, box: Bounds | null, step?: string | null }} View box: where the reader has moved the map */
/** @typedef {import("./state.js").State} State */
/**
 * @typedef {object} Context what every part of one mount shares
 * @property {HTMLElement} root
 * @property {Scene} scene the scene that is drawn now
 * @property {string} uid unique in the document
 * @property {State} state
 * @property {(id: string, from?: string) => void} choose selects an event, or lets go of it
 * @property {(seconds: number) => void} scrub
 * @property {(text: string) => void} announce says something to those who listen to the page
 * @property {(id: string | null) => void} hint tints the row of an event
 * @property {() => boolean} wide whether the layout is the wide one
 * @property {() => boolean} still whether motion is unwanted
 */
