// Writes the brotli and gzip forms of what Vite built beside each file that becomes smaller:
//
//   node scripts/compress.mjs dist/app
//
// The program sends them as they are (embed.go).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const text = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt']);

for (const folder of process.argv.slice(2)) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // What Vite notes for itself in .vite is not served.
    if (!entry.isFile() || !text.has(extname(file)) || file.includes('/.vite/')) continue;
    const content = readFileSync(file);
    const coded = {
      br: brotliCompressSync(content, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
      }),
      gz: gzipSync(content, { level: 9 }),
    };
    for (const [ending, bytes] of Object.entries(coded)) {
      if (bytes.length < content.length) writeFileSync(`${file}.${ending}`, bytes);
    }
  }
}
