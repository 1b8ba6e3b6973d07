// Draws SVG files as transparent PNG files: node svgs.mjs SIZE FROM_FOLDER TO_FOLDER
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const [size, from, to] = process.argv.slice(2);
for (const name of readdirSync(from).filter((each) => each.endsWith('.svg')).sort()) {
  const picture = new Resvg(readFileSync(join(from, name), 'utf8'), {
    fitTo: { mode: 'width', value: Number(size) },
    font: { loadSystemFonts: false },
  });
  writeFileSync(join(to, `${parse(name).name}.png`), picture.render().asPng());
}
