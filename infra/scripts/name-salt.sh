#!/usr/bin/env bash
# For azd: a new environment gets a salt of its own, so that `azd up` after `azd down` does not meet the name of the
# deleted vault, which stays taken for seven days.
set -euo pipefail
if [[ -z $(azd env get-value NAME_SALT 2>/dev/null || true) ]]; then
  azd env set NAME_SALT "$(head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \n')"
fi
