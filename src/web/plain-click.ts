// Links that the page follows itself still open in a new tab the way links do.

/** True where the page is to act on the click; the browser then does not. */
export function isPlainClick(event: MouseEvent): boolean {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  event.preventDefault();
  return true;
}
