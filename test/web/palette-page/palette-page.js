// The command palette alone, over a page that writes down what it was told. Plain JavaScript, since only the bundler reads it.
import { h, render } from 'preact';
import { useState } from 'preact/hooks';
import { PaletteHost } from '../../../src/web/palette/palette-host.tsx';
import '../../../src/web/styles/tokens.css';
import '../../../src/web/styles/base.css';
import '../../../src/web/styles/dialogs.css';

function Bench() {
  const [told, setTold] = useState('nothing yet');
  const [isSure, setSure] = useState(false);
  return h('main', {}, [
    h('h1', {}, 'A palette'),
    h('p', { id: 'told' }, told),
    h(PaletteHost, {
      views: ['map', 'library'],
      isSure,
      onSearchText: (text) => setTold(`search ${text}`),
      onGo: (view) => setTold(`go ${view}`),
      onAdd: () => setTold('add'),
      onSure: (isSure) => {
        setSure(isSure);
        setTold(`sure ${isSure}`);
      },
    }),
  ]);
}

render(h(Bench), document.getElementById('app'));
