// A comparison as a picture: what a way to search finds against the room it takes, each encoder by the metric that suits it best.
import { drawScatterChart } from '../../media/scatter-chart.ts';
import type { ComparedRow, Comparison } from './compare.ts';
import { isCoarse, nameVariant } from './compare-variants.ts';

/** The chart has shapes for so many encoders. */
const MOST_SERIES = 8;

/** The SVG document; further encoders than eight are left out. */
export function comparisonChart(comparison: Comparison): string {
  const { rows, k, pictures, classes } = comparison;
  const names = [...new Set(rows.map(({ space }) => space))].slice(0, MOST_SERIES);
  return drawScatterChart({
    title: `What finds the same class: ${pictures} pictures, ${classes} classes`,
    xLabel: 'bytes a picture in the index (each step four times the last)',
    yLabel: `precision@${k}, image to image`,
    ringLabel: 're-scored with the full vectors, as the service does',
    xFormat: formatBytes,
    series: names.map((name) => {
      const own = rows.filter(({ space }) => space === name);
      const metric = bestMetric(own);
      const shown = own.filter((row) => row.metric === metric);
      return {
        name: `${name} (${metric})`,
        points: shown.filter(({ isRescored }) => !isRescored).map((row) => pointOf(row, shown, k)),
      };
    }),
  });
}

function pointOf(row: ComparedRow, all: readonly ComparedRow[], k: number) {
  const { space, metric, variant, bytesPerPicture, precision, recall } = row;
  const rescored = isCoarse(variant)
    ? all.find((other) => other.isRescored && nameVariant(other.variant) === nameVariant(variant))
    : undefined;
  const label = nameVariant(variant);
  const title = `${space}, ${metric}, ${label}: precision@${k} ${precision.toFixed(3)}, recall@${k} ${recall.toFixed(3)}, ${Math.round(bytesPerPicture)} bytes a picture${rescored === undefined ? '' : `; re-scored ${rescored.precision.toFixed(3)}`}`;
  return {
    x: bytesPerPicture,
    y: precision,
    label,
    title,
    ...(rescored === undefined ? {} : { ring: rescored.precision }),
  };
}

/** By exact search, where it was measured. */
function bestMetric(rows: readonly ComparedRow[]) {
  const exact = rows.filter(({ variant }) => variant.index === 'exact' && variant.reduction === 'none');
  const [best] = (exact.length > 0 ? exact : rows).toSorted((a, b) => b.precision - a.precision);
  return best?.metric;
}

function formatBytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`;
}
