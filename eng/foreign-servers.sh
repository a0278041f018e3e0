#!/bin/sh
# Unpacks mail servers that Debian lets nobody install beside each other, each into artifacts/foreign/NAME as a small root of its own:
# the packages' files, and the libraries that their programs need. None is installed, started or configured. Run as root.
#   eng/foreign-servers.sh          unpacks what is not there yet
#   eng/foreign-servers.sh check    whether all is there
set -eu
cd "$(dirname "$0")/.."

target=$PWD/artifacts/foreign

# NAME: its packages, then what it runs there.
packages_of() {
  case $1 in
    dovecot) echo dovecot-core dovecot-lmtpd ;;
    exim) echo exim4-daemon-light ;;
    opensmtpd) echo opensmtpd ;;
  esac
}

servers='dovecot exim opensmtpd'

check() {
  for name in $servers; do
    if [ ! -e "$target/$name/complete" ]; then return 1; fi
  done
}

# The libraries among the packages' dependencies that are not installed; those conflict with nothing.
libraries_of() {
  apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
    sed -n 's/^ *Depends: \(lib[a-z0-9.+-]*\)$/\1/p' | sort -u |
    while read -r library; do
      if [ "$(dpkg-query -W -f='${db:Status-Status}' "$library" 2>/dev/null)" != installed ]; then echo "$library"; fi
    done
}

# Every library that a program of this root needs, from the machine or from the root itself, to where the loader looks for it.
copy_libraries() {
  find "$1" -type f -perm -u+x -o -name '*.so*' -type f |
    LD_LIBRARY_PATH=$1/usr/lib/dovecot xargs ldd 2>/dev/null |
    sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/lib[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u |
    while read -r library; do
      case $library in
        "$1"/*) ;;
        *)
          mkdir -p "$1$(dirname "$library")"
          cp -L "$library" "$1$library"
          ;;
      esac
    done
}

unpack() {
  name=$1
  shift
  root=$target/$name
  rm -rf "$root"
  mkdir -p "$root" "$target/packages"
  for package in "$@"; do
    (cd "$target/packages" && apt-get -qq -o APT::Sandbox::User=root download "$package")
    dpkg -x "$target/packages/${package}"_*.deb "$root"
  done
  # A shell and cat run what is delivered to.
  mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/tmp" "$root/run" "$root/var"
  ln -sfn ../run "$root/var/run"
  cp -L /bin/sh /bin/cat "$root/bin/"
  copy_libraries "$root"
  rm -rf "$root/usr/share" "$root/etc/init.d" "$root/lib/systemd"
  touch "$root/complete"
}

if [ "${1:-}" = check ]; then
  check
  exit
fi
all=$(for name in $servers; do packages_of "$name"; done)
# shellcheck disable=SC2086
if ! apt-cache show $all >/dev/null 2>&1; then apt-get -o DPkg::Lock::Timeout=300 -qq update </dev/null; fi
# shellcheck disable=SC2086
libraries=$(libraries_of $all)
# shellcheck disable=SC2086
if [ -n "$libraries" ]; then eng/install-packages.sh $libraries; fi
for name in $servers; do
  # shellcheck disable=SC2046
  if [ ! -e "$target/$name/complete" ]; then unpack "$name" $(packages_of "$name"); fi
done
rm -rf "$target/packages"
# Who may run this by sudo owns the rest of the folder.
chown -R "$(stat -c %u:%g .)" "$target"
