// What the viewer draws with: a map with its drag, pinch and double-click handlers, vector layers in SVG, markers of HTML.
// No tiles, pictures, popups or controls. build.mjs makes built/leaflet.js of it.
import { toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
import { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
import { EPSG3857 } from "leaflet/src/geo/crs/CRS.EPSG3857.js";
import { toPoint as point } from "leaflet/src/geometry/Point.js";
import { disableClickPropagation } from "leaflet/src/dom/DomEvent.js";
import { layerGroup } from "leaflet/src/layer/LayerGroup.js";
import "leaflet/src/layer/Layer.js";
import { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
import { marker } from "leaflet/src/layer/marker/Marker.js";
import { Polygon, polygon } from "leaflet/src/layer/vector/Polygon.js";
import { Polyline, polyline } from "leaflet/src/layer/vector/Polyline.js";
import "leaflet/src/layer/vector/Renderer.getRenderer.js";
import { svg } from "leaflet/src/layer/vector/SVG.js";
import { Map, createMap as map } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

globalThis.L = {
  CRS: { EPSG3857 }, DomEvent: { disableClickPropagation }, Map, Polygon, Polyline,
  divIcon, latLng, latLngBounds, layerGroup, map, marker, point, polygon, polyline, svg,
  version: "1.9.4",
};
