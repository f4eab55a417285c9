// Caches a page for when there is no connection. What a person sees is never cached.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(document.currentScript.dataset.worker, { updateViaCache: "all" }).catch(() => {});
}
