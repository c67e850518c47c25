import { html } from 'hono/html';
import type { Texts } from '../texts/en.ts';
import type { Html } from './page.ts';

/** A page for somebody who is not let in, or whose request led nowhere: one sentence, nothing else. */
export const problemPage = (texts: Texts, sentence: string): Html =>
  html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${texts.title}</title>
      </head>
      <body>
        <main>
          <h1>${texts.title}</h1>
          <p>${sentence}</p>
        </main>
      </body>
    </html>`;
