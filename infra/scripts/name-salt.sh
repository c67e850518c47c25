#!/usr/bin/env bash
# For azd: a new environment gets a salt of its own, so that `azd up` after `azd down` does not meet the name of the
# deleted vault, which stays taken for seven days. Asked of all values: for one that is missing azd prints its complaint
# where the value would stand.
set -euo pipefail
shopt -s inherit_errexit
values=$(azd env get-values)
if ! grep -qE '^NAME_SALT="?[0-9a-zA-Z]' <<<"$values"; then
  salt=$(head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \n')
  azd env set NAME_SALT "$salt"
fi
