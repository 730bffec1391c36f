import type { RefObject } from 'react';
import { download, fileName } from '../format/download';
import { texts } from '../texts';
import { type LegendEntry, pngOf, svgOf } from './picture';

interface Props {
  picture: RefObject<SVGSVGElement | null>;
  title: string;
  legend: readonly LegendEntry[];
  /** Product, viewpoint and day. Drawn below the picture. */
  source: string;
  /** Parts of the file name. */
  file: readonly string[];
}

/** Buttons that save a picture as SVG or PNG. */
export function SavePicture({ picture, title, legend, source, file }: Props) {
  const save = async (kind: 'svg' | 'png') => {
    if (!picture.current) return;
    const svg = svgOf(picture.current, title, legend, source);
    download(fileName(file, kind), kind === 'svg' ? svg : await pngOf(svg), 'image/svg+xml');
  };
  return (
    <p className="actions quiet-start no-print">
      {(['svg', 'png'] as const).map((kind) => (
        <button key={kind} type="button" className="quiet" onClick={() => void save(kind)}>
          {texts.export.download(texts.export[kind])}
        </button>
      ))}
    </p>
  );
}
