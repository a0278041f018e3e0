#!/bin/sh
# Installs Debian packages with no question asked and no service started. Run as root: eng/install-packages.sh PACKAGE...
set -eu

# policy-rc.d answering 101 keeps the packages' scripts from starting anything. It stands only while we install; one that was
# there before is put aside and comes back, also when an earlier run was killed half-way.
policy=/usr/sbin/policy-rc.d
marker='# Stands here only while the test programs of Ehlo are being installed.'

restore_policy() {
  if [ -e "$policy.ehlo-saved" ]; then
    mv -f "$policy.ehlo-saved" "$policy"
  else
    rm -f "$policy"
  fi
}

forbid_services() {
  if [ -e "$policy" ] && ! grep -qF "$marker" "$policy"; then
    mv "$policy" "$policy.ehlo-saved"
  fi
  trap restore_policy EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\n%s\nexit 101\n' "$marker" > "$policy"
  chmod 755 "$policy"
}

# --no-remove: Debian's mail servers conflict, and a machine that has another one must keep it.
install_packages() {
  apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq -y --no-install-recommends --no-remove install "$@" </dev/null
}

export DEBIAN_FRONTEND=noninteractive
forbid_services
for package in "$@"; do
  if [ "$package" = postfix ]; then
    echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
  fi
done
# The lists on the machine are used as they are while they serve.
if ! apt-cache show "$@" >/dev/null 2>&1 || ! install_packages "$@"; then
  apt-get -o DPkg::Lock::Timeout=300 -qq update </dev/null
  install_packages "$@"
fi
