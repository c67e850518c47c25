import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttpRoute } from '../../../local/functions-host/http-route.ts';

describe('a route template', () => {
  test.each([
    ['api/health', 'API/Health', {}],
    ['api/health', 'api/health/', {}],
    ['api/health', 'api/heal%74h', {}],
    ['api/health', 'api/health/more', undefined],
    ['api/health', 'api', undefined],
    ['api/a.b', 'api/axb', undefined],
    ['api/(a)*', 'api/(a)*', {}],
    ['api/bø', 'api/b%C3%B8', {}],
    ['webhooks/{source}', 'webhooks/crm', { source: 'crm' }],
    ['webhooks/{source}', 'webhooks', undefined],
    ['webhooks/{source}', 'webhooks/a/b', undefined],
    ['items/{id:int?}', 'items', {}],
    ['items/{id:int?}', 'items/-7', { id: '-7' }],
    ['items/{id:int?}', 'items/+7', { id: '+7' }],
    ['items/{id:int?}', 'items/seven', undefined],
    ['files/{*path}', 'files', {}],
    ['files/{*path}', 'files/a/b', { path: 'a/b' }],
    ['files/{**path}', 'files/a%2Fb/c', { path: 'a%2Fb/c' }],
    ['of/{id:guid}', 'of/%7B0f8fad5b-d9cb-469f-a165-70867728950e%7D', { id: '{0f8fad5b-d9cb-469f-a165-70867728950e}' }],
    ['', '', {}],
  ])('%o of %o', (template, path, parameters) => {
    expect(parseHttpRoute(template).match(path)).toEqual(parameters);
  });

  test('gives a parameter as it was before it was encoded, once', () => {
    const route = parseHttpRoute('a/{x}/b');
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (x) => {
        // An encoded slash stays encoded, as Kestrel leaves it; a segment of dots is resolved before anything is routed.
        fc.pre(!x.includes('/') && x !== '.' && x !== '..');
        expect(route.match(`a/${encodeURIComponent(x)}/b`)).toEqual({ x });
      }),
    );
  });

  test('whose escape is broken stays as it was written', () => {
    expect(parseHttpRoute('a/{x}').match('a/100%')).toEqual({ x: '100%' });
  });

  test('with a literal comes before one with a parameter, and that before a catch-all', () => {
    const templates = ['pick/{*rest}', 'pick/{name}', 'pick/me'];
    expect(
      templates.toSorted((a, b) => (parseHttpRoute(a).precedence < parseHttpRoute(b).precedence ? -1 : 1)),
    ).toEqual(templates.toReversed());
  });
});
