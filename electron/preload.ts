/**
 * The one bridge between Electron's main process and the page: asks for a port when the page has loaded, and hands it over.
 * Nothing else is exposed to the page; it speaks the same contract as in a browser.
 */
import { ipcRenderer } from 'electron';

ipcRenderer.on('zabra:port', (event) => {
  window.postMessage('zabra:port', window.location.origin, event.ports);
});

// Module scripts have run by then, so the page listens.
window.addEventListener('load', () => {
  ipcRenderer.send('zabra:connect');
});
