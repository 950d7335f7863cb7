#!/bin/sh
# Before the files go: "remove" of a deb, 0 of an rpm; an upgrade goes on. Data is a person's, not the package's: it stays.
set -e
case "$1" in
remove | 0)
  if command -v systemctl >/dev/null; then
    systemctl disable --quiet presell.service || true
    if [ -d /run/systemd/system ]; then systemctl stop presell.service || true; fi
  fi
  ;;
esac
