import { en } from './texts/en.ts';
import { nb } from './texts/nb.ts';
import type { Texts } from './texts/en.ts';

export type Language = 'nb' | 'en';

export const LANGUAGES = { nb, en } as const satisfies Record<Language, Texts>;

/** Norwegian in any of its forms, else English; the switch on the page beats the browser. */
export function languageOf(chosen: string | undefined, acceptLanguage: string | null): Language {
  if (chosen === 'nb' || chosen === 'en') return chosen;
  const [first = ''] = (acceptLanguage ?? 'nb').toLowerCase().split(/[,;]/);
  return /^(?:nb|nn|no)\b/.test(first.trim()) ? 'nb' : 'en';
}
