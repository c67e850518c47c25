import { transform } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundledFile } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const designsystemet = join(root, 'node_modules/@digdir/designsystemet-css/dist');
const own = join(root, 'shared/console');

/** The components that the pages use; the rest of Designsystemet stays out of the package. */
const COMPONENTS = [
  'base',
  'alert',
  'button',
  'card',
  'details',
  'field',
  'fieldset',
  'heading',
  'input',
  'label',
  'link',
  'list',
  'paragraph',
  'skip-link',
  'table',
  'tag',
];

/** The console's style sheet and script, small and without a request to another host: written beside the bundle. */
export async function consoleAssets(): Promise<BundledFile[]> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8');
  const components = await Promise.all(COMPONENTS.map((name) => read(join(designsystemet, `src/${name}.css`))));
  const css = [
    '@layer ds.theme, ds.base, ds.components, console;',
    await read(join(designsystemet, 'theme/designsystemet.css')),
    `@layer ds.components {${components.join('\n')}}`,
    `@layer console {${await read(join(own, 'console.css'))}}`,
  ].join('\n');
  return [await small('console.css', css, 'css'), await small('refresh.js', await read(join(own, 'refresh.js')), 'js')];
}

async function small(name: string, text: string, loader: 'css' | 'js'): Promise<BundledFile> {
  const { code } = await transform(text, { loader, minify: true, legalComments: 'none' });
  return { name, bytes: Buffer.from(code) };
}
