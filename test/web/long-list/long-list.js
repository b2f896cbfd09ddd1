// The virtual grid of the page over as many synthetic pictures as the address says (?count=50000), in pages of 100 where it
// says so (?pages). Plain JavaScript, since only the bundler reads it.
import { h, render } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { VirtualGrid } from '../../../src/web/virtual-grid.tsx';
import '../../../src/web/styles/tokens.css';
import '../../../src/web/styles/base.css';
import '../../../src/web/styles/grid.css';

const PAGE = 100;
const parameters = new URLSearchParams(location.search);
const count = Number(parameters.get('count') ?? 1000);
const isPaged = parameters.has('pages');

const all = Array.from({ length: count }, (_, i) => ({
  id: `${i}`,
  // Spread over what cameras make, from upright phones to panoramas, the same at every run.
  ratio: 0.55 + (((i * 2654435761) >>> 0) % 1000) / 550,
}));
const keyOf = ({ id }) => id;
const ratioOf = ({ ratio }) => ratio;

function tile({ id }, { box, tabIndex }) {
  return [
    h('div', { class: 'tile-frame' }, [
      h('button', { type: 'button', class: 'tile-picture', tabIndex, style: { height: `${box.height}px` } }, [
        h('img', { class: 'is-loaded', alt: `picture ${id}`, src: `/${Number(id) % 8}.webp`, decoding: 'async' }),
      ]),
      h('button', { type: 'button', class: 'tile-similar', tabIndex }, 'Similar'),
    ]),
    h('div', { class: 'tile-caption' }, [
      h('span', { class: 'score' }, '0.31'),
      ...['cat', 'sofa', 'cosy'].map((tag) => h('button', { type: 'button', class: 'tag', tabIndex }, tag)),
    ]),
  ];
}

function LongList() {
  const [shown, setShown] = useState(isPaged ? PAGE : count);
  const items = useRef(all);
  if (items.current.length !== shown) items.current = all.slice(0, shown);
  const onEndNear = () => setTimeout(() => setShown((shown) => Math.min(count, shown + PAGE)), 20);
  return h('main', {}, [
    h('h1', {}, 'A long list'),
    h(VirtualGrid, {
      items: items.current,
      total: count,
      hasMore: shown < count,
      label: 'Pictures',
      isStale: false,
      keyOf,
      ratioOf,
      tile,
      onEndNear,
    }),
    h('button', { type: 'button', class: 'button' }, 'Behind the list'),
  ]);
}

render(h(LongList), document.getElementById('app'));
