#!/usr/bin/env bash
# PostgreSQL's programs from Debian's package, unless they are there. No cluster is made and nothing is started.
set -euo pipefail
shopt -s nullglob
if command -v initdb >/dev/null || [ -n "$(echo /usr/lib/postgresql/*/bin/initdb)" ]; then
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "The services test needs PostgreSQL's initdb and postgres in PATH; install them with your package manager." >&2
	exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
	sudo -n true 2>/dev/null || { echo "The services test needs PostgreSQL: sudo apt-get install postgresql" >&2; exit 1; }
	root=(sudo -n)
fi
"${root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.d/none.conf >/dev/null
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
