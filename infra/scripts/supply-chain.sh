#!/usr/bin/env bash
# The list of what is shipped (CycloneDX) in .local/sbom.json, and known weaknesses of it.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
npx node infra/sbom.ts
npm audit --omit dev --audit-level high
