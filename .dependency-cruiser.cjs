// Who may import whom (docs/architecture.md). One door per folder of shared/: its index.ts.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(functions|shared|cli|local|test|infra)/', pathNot: allowed },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nobody-imports-functions',
      severity: 'error',
      from: { pathNot: '^(functions|test)/' },
      to: { path: '^functions/' },
    },
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(cli|local|test|infra)/' },
    },
    only('record-is-pure', '^shared/record/', '^shared/(record|privacy)/'),
    only('privacy-masks-need-nothing', '^shared/privacy/personal', '^shared/privacy/personal'),
    {
      name: 'one-door-per-folder',
      severity: 'error',
      from: { path: '^(functions|cli|local)/' },
      to: { path: '^shared/[^/]+/', pathNot: '^shared/[^/]+/index\\.ts$' },
    },
    {
      name: 'one-door-per-folder-inside',
      severity: 'error',
      from: { path: '^shared/([^/]+)/' },
      to: { path: '^shared/[^/]+/', pathNot: ['^shared/[^/]+/index\\.ts$', '^shared/$1/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
