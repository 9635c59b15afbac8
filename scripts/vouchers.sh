#!/bin/bash
# vouchers.sh -- who vouches for a log in the demo and in tests: a witness of a
# fictitious second organisation behind nginx, and a time-stamp authority.
#
#   vouchers.sh DIR make VKEY [alone]  keys and folders; the log to be
#                               witnessed; alone: no time-stamp authority
#   vouchers.sh DIR start       witness, web server, clock, in the background
#   vouchers.sh DIR stop [witness]  all of them, or the witness alone
#   vouchers.sh DIR policy      the laboratory's policy that names them, JSON
#
# exhibit-witness must be in PATH.  Everything is on 127.0.0.1 and in DIR.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dir=$1

# answers PORT: does anybody?
answers() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port that nobody has at the moment, below those that the system gives out.
free_port() {
	local port
	while port=$((10000 + RANDOM % 20000)); answers "$port"; do :; done
	echo "$port"
}

make() {
	mkdir -p "$dir"
	exhibit-witness "$dir/w" make witness.example/w1 >"$dir/vkey"
	exhibit-witness "$dir/w" follow "$1"
	[ "${2:-}" = alone ] ||
	    python3 "$here/tsa.py" "$dir/tsa" make 2>/dev/null
	free_port >"$dir/port"
	cat >"$dir/web.conf" <<-END
	daemon off;
	master_process off;
	pid $dir/web.pid;
	error_log $dir/web.log;
	events { worker_connections 64; }
	http {
	 access_log off;
	 client_body_temp_path $dir/b;
	 proxy_temp_path $dir/p;
	 fastcgi_temp_path $dir/f;
	 uwsgi_temp_path $dir/u;
	 scgi_temp_path $dir/s;
	 server {
	  listen 127.0.0.1:$(cat "$dir/port");
	  location / {
	   scgi_param SCGI 1;
	   scgi_param REQUEST_METHOD \$request_method;
	   scgi_param REQUEST_URI \$request_uri;
	   scgi_pass unix:$dir/w/socket;
	  }
	 }
	}
	END
}

# wait_for TEST...: until it is so, half a minute at most.
wait_for() {
	for _ in $(seq 600); do
		"$@" 2>/dev/null && return
		sleep 0.05
	done
	echo "vouchers.sh: it does not start: $*" >&2
	exit 2
}

listens() { answers "$(cat "$dir/port")"; }

# background NAME COMMAND...: its number in DIR/NAME.run
background() {
	local name=$1
	shift
	"$@" >"$dir/$name.log" 2>&1 </dev/null &
	echo $! >"$dir/$name.run"
}

start() {
	rm -f "$dir/w/socket"
	background witness exhibit-witness "$dir/w" serve
	wait_for test -S "$dir/w/socket"
	if ! listens; then
		PATH=$PATH:/usr/sbin background nginx nginx -p "$dir" \
		    -e "$dir/web.log" -c "$dir/web.conf"
		wait_for listens
	fi
	if [ -d "$dir/tsa" ] && [ ! -e "$dir/tsa.run" ]; then
		rm -f "$dir/tsa/url"
		background tsa python3 "$here/tsa.py" "$dir/tsa" serve
		wait_for test -s "$dir/tsa/url"
	fi
}

# Has the process with this number gone, or is it somebody else's?
gone() {
	! grep -qsF -- "$dir" "/proc/$1/cmdline" ||
	    ! grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
}

# Only what was started here, by its number; until it has gone.
stop() {
	local run pid
	for run in "$dir"/$1.run; do
		[ -e "$run" ] || continue
		pid=$(cat "$run")
		rm -f "$run"
		! gone "$pid" || continue
		kill "$pid" 2>/dev/null || true
		wait_for gone "$pid"
	done
}

# The authority, as the policy has it; none: nothing.
authorities() {
	[ -d "$dir/tsa" ] || { echo null; return; }
	jq -n --arg url "$(cat "$dir/tsa/url")" \
	    --arg root "$(openssl x509 -in "$dir/tsa/root.pem" -outform DER |
	        sha256sum | cut -d' ' -f1)" \
	    '[{name: "clock", org: "EXAMPLE-TIME", url: $url,
	        root_sha256: $root}]'
}

policy() {
	jq -n --arg vkey "$(cat "$dir/vkey")" \
	    --arg url "http://127.0.0.1:$(cat "$dir/port")" \
	    --argjson authorities "$(authorities)" \
	    '{quorum: "any", registrars: 1, validation_required: 0,
	      witness_seal_break: 0,
	      unsealed: ["living_system", "network_isolated", "powered",
	          "too_large", "wet"],
	      witnesses: [{name: "w1", org: "EXAMPLE-MINISTRY", url: $url,
	          vkey: $vkey}]} +
	     if $authorities then {authorities: $authorities} else {} end'
}

case ${2:-} in
make) make "${@:3}" ;;
start) start ;;
stop) stop "${3:-*}" ;;
policy) policy ;;
*)
	sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
	exit 64
	;;
esac
