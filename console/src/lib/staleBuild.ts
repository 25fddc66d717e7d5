const NAME = "switchboard.reloaded-at";
const AT_MOST_EVERY_MS = 60_000;

/** After an upgrade of the server a page that is still open asks for parts that are gone: load it anew, once. */
export function reloadWhenStale(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const before = Number(sessionStorage.getItem(NAME) ?? 0);
    if (!navigator.onLine || Date.now() - before < AT_MOST_EVERY_MS) return;
    sessionStorage.setItem(NAME, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
