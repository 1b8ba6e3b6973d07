// Draws avatars on white as PNG files: node avatars.mjs STYLE SIZE COUNT FOLDER
// The n-th face has the number n for its seed, so a set can be drawn again, at any size.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAvatar } from '@dicebear/core';
import * as collection from '@dicebear/collection';
import { Resvg } from '@resvg/resvg-js';

const [style, size, count, folder] = process.argv.slice(2);
const camelCase = style.replace(/-./g, (dash) => dash[1].toUpperCase());
const digits = String(count - 1).length;
for (let index = 0; index < Number(count); index += 1) {
  const svg = createAvatar(collection[camelCase], { seed: String(index) }).toString();
  const face = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'width', value: Number(size) },
    font: { loadSystemFonts: false },
  });
  writeFileSync(join(folder, `${String(index).padStart(digits, '0')}.png`), face.render().asPng());
}
