import './style/base.css';
import './style/shell.css';
import './style/wall.css';
import './style/breaker.css';
import './style/timeline.css';
import './style/events.css';
import './style/dialog.css';
import { App } from './live/app';
import { serveAsWorker } from './live/decoder';
import { Shell } from './view/shell';

// The page's worker runs this same file: there is no document then, and no
// module may look for one, or for a window, where it is loaded.
if (typeof document === 'undefined') {
  serveAsWorker();
} else {
  const app = new App();
  new Shell(app);
  app.start();
}
