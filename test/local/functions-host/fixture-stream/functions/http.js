import { app } from '@azure/functions';

// The library takes its set-up once in a process; each start of the fixture loads this file anew.
globalThis.streaming ??= app.setup({ enableHttpStream: true }) ?? true;

app.http('count', {
  methods: ['POST', 'GET'],
  authLevel: 'anonymous',
  route: 'count/{name}',
  handler: async (request) => {
    const chunks = [];
    let size = 0;
    try {
      for await (const chunk of request.body ?? []) {
        if (size === 0) globalThis.fixture.run('count', 'reads');
        size += chunk.length;
        if (size > 1024 * 1024) return { status: 413, body: 'too large' };
        chunks.push(Buffer.from(chunk));
      }
    } catch {
      globalThis.fixture.run('count', 'hung up');
      throw new Error('hung up');
    }
    return {
      status: 201,
      headers: { 'x-answer': 'yes' },
      cookies: [{ name: 'seen', value: '1', path: '/' }],
      jsonBody: {
        url: request.url,
        params: request.params,
        query: Object.fromEntries(request.query),
        type: request.headers.get('content-type'),
        twice: request.headers.get('x-twice'),
        bodyHex: Buffer.concat(chunks).toString('hex'),
      },
    };
  },
});

app.http('throws', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('no');
  },
});
