/** Settles once the page has shown what was done so far: who pressed something sees that before what it leads to is worked out. */
export function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
