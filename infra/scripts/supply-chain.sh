#!/usr/bin/env bash
# Known weaknesses of what is shipped, and the list of what is shipped (CycloneDX) in .local/sbom.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .local
npm sbom --sbom-format cyclonedx --sbom-type application --omit dev --omit optional >.local/sbom.json
echo ".local/sbom.json: $(node -p 'JSON.parse(require("node:fs").readFileSync(".local/sbom.json", "utf8")).components.length') components"
npm audit --omit dev --audit-level high
