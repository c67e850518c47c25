// The one script: the state view looks again every few seconds. Without it the page is whole, and reloading does the same.
const EVERY_MS = 10_000;

const again = async () => {
  const live = document.querySelector('#live');
  if (!live || document.hidden) return;
  try {
    const response = await fetch(live.dataset.refresh, { headers: { accept: 'text/html' }, redirect: 'error' });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('#live');
    if (fresh) live.replaceWith(document.adoptNode(fresh));
  } catch {
    // The app is being deployed, or the network is away: the next look shows it.
  }
};

if (document.querySelector('#live')) setInterval(again, EVERY_MS);
