// The page's own icons, drawn: fonts for emoji are not everywhere.
const PATHS = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2M3.5 7h9v6.5h-9z",
  eye: "M1.5 8S4 3.5 8 3.5 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 6.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600z",
  bubble: "M2 3h12v8H8l-3.500 3v-3H2z",
  file: "M4 1.800h5l3.500 3.500v9H4zM9 1.800v3.500h3.500",
  smile: "M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM5 9.200c1.500 2.400 4.500 2.400 6 0M5.900 5.600v1M10.100 5.600v1",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  send: "M2.500 13.500 14 8 2.500 2.500v4.300L9 8l-6.500 1.200z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `glyph glyph-${name}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
