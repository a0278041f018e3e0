/*
 * loadgen - an SMTP/LMTP load generator for loopback benchmarks.
 *
 * One non-blocking epoll loop (or several threads, -T), no dependency but libc.  Every reply is
 * parsed and its code checked; whatever is not the reply that was due is counted as an error, and
 * the message it belonged to as failed.  One JSON object is printed on standard output.
 *
 *   cc -O2 -Wall -Wextra -pthread -o loadgen loadgen.c
 *
 * Use:  loadgen [options] HOST PORT SESSIONS MESSAGES LENGTH MODE REUSE
 *
 *   HOST      IPv4 or IPv6 address literal; only loopback is accepted
 *   SESSIONS  connections kept open at once
 *   MESSAGES  messages to send in the measured phase, over all sessions (idle: ignored, say 0)
 *   LENGTH    octets of a message, header and line ends included, before dot-stuffing
 *   MODE      lockstep   every command waits for its reply
 *             pipelined  MAIL+RCPT+DATA in one write; content + "." once 354 has come
 *             chained    as pipelined, and the next MAIL+RCPT+DATA rides behind the "." (RFC 2920)
 *             bdat       MAIL+RCPT+BDAT LAST+content in one write (RFC 3030)
 *             idle       SESSIONS connections do EHLO and then nothing; see -H
 *   REUSE     messages per connection: 0 = all on one connection, 1 = a new connection for each
 *
 * Options:
 *   -w N       warm-up messages before the measured phase, not counted (default 0)
 *   -d SEC     end the measured phase after SEC seconds, or at MESSAGES if that comes first
 *   -t SEC     watchdog: give up after SEC seconds in all (default 120)
 *   -T N       threads (default 1); sessions are dealt out to them evenly
 *   -r N       recipients per message (default 1)
 *   -c BYTES   bdat: chunk size (default: the message in one chunk)
 *   -R RATE    open loop: start RATE messages a second in all, latency counted from the time a
 *              message was due, so a slow server cannot hide its queue (not with chained)
 *   -L         LMTP: LHLO, and one reply per recipient after the content
 *   -D N       every Nth body line begins with a dot (is dot-stuffed in DATA modes)
 *   -A U:P     AUTH PLAIN after EHLO
 *   -f ADDR    envelope sender       -o ADDR  recipient; %d in it becomes 0..N-1 with -r
 *   -a N       client source addresses 127.0.0.1..N in turn (IPv4): more than 28,000 connections
 *   -b N       connections in the making at once (default 128)
 *   -H SEC     idle: hold the connections SEC seconds (default 2), then NOOP on each, then QUIT
 *   -p PID     the server's process; its CPU time and memory are reported (may be repeated)
 *   -F         go on where the server does not announce what the mode needs
 *
 * Exit status: 0 all messages were accepted and no reply was wrong, 1 not so, 2 usage, 3 watchdog.
 *
 * Figures: "msgs_per_s" counts accepted messages only.  A message's latency runs from the write of
 * its MAIL (REUSE 1: from connect) to its last reply; "dot_us" runs from the write of the content's
 * end instead.  Server CPU is the process's CPU clock,
 * the same sum as utime+stime in /proc/PID/stat but in nanoseconds; the split in user and system
 * comes from that file.  With REUSE 0 connecting and EHLO happen before the measured phase; their
 * cost is under "connect".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/* ---- configuration ---------------------------------------------------------------------- */

enum mode { M_LOCKSTEP, M_PIPELINED, M_CHAINED, M_BDAT, M_IDLE };
static const char *const mode_names[] = { "lockstep", "pipelined", "chained", "bdat", "idle" };

static struct {
	const char *host;
	int port;
	int sessions;
	long messages;
	long length;
	enum mode mode;
	long per_conn;
	long warmup;
	double duration;
	double timeout;
	int threads;
	int rcpts;
	long chunk;
	double rate;
	bool lmtp;
	int dots;
	const char *auth;
	const char *from;
	const char *to;
	int src_addrs;
	int burst;
	double hold;
	int pids[16];
	int npids;
	bool force;
} cfg = {
	.timeout = 120, .threads = 1, .rcpts = 1, .from = "sender@client.example",
	.to = "rcpt%d@server.example", .src_addrs = 1, .burst = 128, .hold = 2,
};

static struct sockaddr_storage target;
static socklen_t target_len;

/* ---- what is sent: built once, shared by all sessions ------------------------------------ */

#define ID_LEN 65 /* octets of a Message-ID line: each message has one of its own */
static const char id_form[] = "Message-ID: <0000000000000000.0000000000000000@loadgen.example>\r\n";

struct tmpl {
	struct iovec *iov; /* an entry with a null base stands for the session's Message-ID */
	int n;
};

static struct iovec c_helo, c_auth, c_mail, *c_rcpt, c_data, c_quit, c_noop;
static struct tmpl t_envelope; /* MAIL, RCPT..., DATA */
static struct tmpl t_content;  /* content and the final dot */
static struct tmpl t_bdat;     /* MAIL, RCPT..., BDAT... */
static char *body;
static size_t body_len; /* bytes on the wire without the Message-ID line, dot-stuffed for DATA */
static int bdat_chunks;
static uint64_t run_id;

static void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("loadgen: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

static void *xalloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);
	if (!p)
		die("out of memory");
	return p;
}

__attribute__((format(printf, 1, 2))) static struct iovec text(const char *fmt, ...)
{
	va_list ap;
	char *s;
	va_start(ap, fmt);
	int n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("out of memory");
	return (struct iovec){ s, (size_t)n };
}

static struct iovec cat(const struct iovec *v, int n)
{
	size_t len = 0;
	for (int i = 0; i < n; i++)
		len += v[i].iov_len;
	struct iovec r = { xalloc(len), len };
	char *p = r.iov_base;
	for (int i = 0; i < n; i++)
		p = mempcpy(p, v[i].iov_base, v[i].iov_len);
	return r;
}

static struct iovec rcpt_command(int i)
{
	char addr[512];
	const char *mark = strstr(cfg.to, "%d");
	if (mark)
		snprintf(addr, sizeof addr, "%.*s%d%s", (int)(mark - cfg.to), cfg.to, i, mark + 2);
	else
		snprintf(addr, sizeof addr, "%s", cfg.to);
	return text("RCPT TO:<%s>\r\n", addr);
}

static struct iovec auth_command(void)
{
	static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char raw[512];
	char out[1024];
	const char *colon = strchr(cfg.auth, ':');
	if (!colon || strlen(cfg.auth) > 400)
		die("-A wants USER:PASSWORD");
	size_t n = 0, o = 0;
	raw[n++] = 0;
	for (const char *p = cfg.auth; *p; p++)
		raw[n++] = p == colon ? 0 : (unsigned char)*p;
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)raw[i] << 16 | (i + 1 < n ? raw[i + 1] << 8 : 0) | (i + 2 < n ? raw[i + 2] : 0);
		out[o++] = b64[v >> 18];
		out[o++] = b64[v >> 12 & 63];
		out[o++] = i + 1 < n ? b64[v >> 6 & 63] : '=';
		out[o++] = i + 2 < n ? b64[v & 63] : '=';
	}
	return text("AUTH PLAIN %.*s\r\n", (int)o, out);
}

/* The message after its Message-ID line: header lines, an empty line, lines of 78 octets. */
static void build_body(void)
{
	static const char whole[] =
		"From: Load Generator <sender@client.example>\r\n"
		"To: <rcpt0@server.example>\r\n"
		"Subject: load test message\r\n"
		"Date: Mon, 02 Feb 2026 12:00:00 +0000\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=us-ascii\r\n\r\n";
	static const char words[] =
		"The quick brown fox jumps over the lazy dog and, having landed, looks back. "
		"Pack my box with five dozen liquor jugs; then send the box to the other town. ";
	const bool stuff = cfg.mode != M_BDAT;
	long want = cfg.length - ID_LEN;
	/* A message too small for this header has none but its Message-ID. */
	const char *header = want < (long)sizeof whole - 1 + 3 ? "\r\n" : whole;
	const long header_len = (long)strlen(header);
	if (want < header_len + 3)
		die("LENGTH is too small: at least %ld", ID_LEN + header_len + 3);
	body = xalloc((size_t)want + (size_t)want / 32 + 256);
	char *p = mempcpy(body, header, (size_t)header_len);
	long left = want - header_len;
	size_t w = 0;
	for (long line = 1; left > 0; line++) {
		long n = left < 80 ? left : 78;
		if (left - n == 1)
			n--; /* no line of a lone LF */
		long textlen = n - 2;
		for (long i = 0; i < textlen; i++) {
			char c = words[w++ % (sizeof words - 1)];
			if (i == 0 && c == '.')
				c = 'x';
			if (i == 0 && cfg.dots && line % cfg.dots == 0) {
				c = '.';
				if (stuff)
					*p++ = '.';
			}
			*p++ = c;
		}
		*p++ = '\r';
		*p++ = '\n';
		left -= n;
	}
	body_len = (size_t)(p - body);
}

static void build_templates(void)
{
	char name[] = "loadgen.client.example";
	c_helo = text("%s %s\r\n", cfg.lmtp ? "LHLO" : "EHLO", name);
	if (cfg.auth)
		c_auth = auth_command();
	c_mail = text("MAIL FROM:<%s>\r\n", cfg.from);
	c_rcpt = xalloc(sizeof *c_rcpt * (size_t)cfg.rcpts);
	for (int i = 0; i < cfg.rcpts; i++)
		c_rcpt[i] = rcpt_command(i);
	c_data = text("DATA\r\n");
	c_quit = text("QUIT\r\n");
	c_noop = text("NOOP\r\n");

	struct iovec *all = xalloc(sizeof *all * (size_t)(cfg.rcpts + 2));
	int n = 0;
	all[n++] = c_mail;
	for (int i = 0; i < cfg.rcpts; i++)
		all[n++] = c_rcpt[i];
	struct iovec mail_rcpt = cat(all, n);
	all[n++] = c_data;
	t_envelope.iov = xalloc(sizeof(struct iovec));
	t_envelope.iov[0] = cat(all, n);
	t_envelope.n = 1;
	free(all);

	if (cfg.mode == M_IDLE)
		return;
	build_body();
	size_t total = ID_LEN + body_len;
	if (cfg.mode == M_BDAT) {
		size_t chunk = cfg.chunk > 0 && (size_t)cfg.chunk < total ? (size_t)cfg.chunk : total;
		if (chunk < ID_LEN + 1)
			die("-c is too small");
		bdat_chunks = (int)((total + chunk - 1) / chunk);
		t_bdat.iov = xalloc(sizeof(struct iovec) * (size_t)(2 * bdat_chunks + 2));
		size_t off = 0;
		for (int i = 0; i < bdat_chunks; i++) {
			size_t this = total - off < chunk ? total - off : chunk;
			struct iovec head = text("BDAT %zu%s\r\n", this, off + this == total ? " LAST" : "");
			if (i == 0) {
				struct iovec two[2] = { mail_rcpt, head };
				t_bdat.iov[t_bdat.n++] = cat(two, 2);
				t_bdat.iov[t_bdat.n++] = (struct iovec){ NULL, ID_LEN };
				t_bdat.iov[t_bdat.n++] = (struct iovec){ body, this - ID_LEN };
			} else {
				t_bdat.iov[t_bdat.n++] = head;
				t_bdat.iov[t_bdat.n++] = (struct iovec){ body + off - ID_LEN, this };
			}
			off += this;
		}
	} else {
		body = realloc(body, body_len + 3);
		if (!body)
			die("out of memory");
		memcpy(body + body_len, ".\r\n", 3);
		t_content.iov = xalloc(sizeof(struct iovec) * 2);
		t_content.iov[0] = (struct iovec){ NULL, ID_LEN };
		t_content.iov[1] = (struct iovec){ body, body_len + 3 };
		t_content.n = 2;
	}
}

/* ---- statistics -------------------------------------------------------------------------- */

/* A histogram of nanoseconds: 32 steps per octave, so within about 3 %. */
#define H_STEPS 32
#define H_SIZE (64 * H_STEPS)

struct stats {
	long ok, failed, errors, reads, writes, connects, wrong_code, closed, connect_failed, protocol;
	uint64_t lat_sum, lat_min, lat_max;
	uint32_t lat[H_SIZE];
	uint32_t dot[H_SIZE]; /* from the write of the content's end to the last reply */
};

static unsigned h_index(uint64_t v)
{
	if (v < H_STEPS)
		return (unsigned)v;
	unsigned e = 63 - (unsigned)__builtin_clzll(v);
	return (e - 4) * H_STEPS + (unsigned)(v >> (e - 5) & (H_STEPS - 1));
}

static uint64_t h_value(unsigned i)
{
	if (i < H_STEPS)
		return i;
	unsigned e = i / H_STEPS + 4;
	return ((uint64_t)(i % H_STEPS) + H_STEPS) << (e - 5);
}

static uint64_t h_quantile(const struct stats *s, const uint32_t *h, double q)
{
	uint64_t n = 0, seen = 0;
	for (unsigned i = 0; i < H_SIZE; i++)
		n += h[i];
	uint64_t rank = (uint64_t)(q * (double)n);
	for (unsigned i = 0; i < H_SIZE; i++) {
		seen += h[i];
		if (seen > rank)
			return h_value(i);
	}
	return s->lat_max;
}

static pthread_mutex_t sample_lock = PTHREAD_MUTEX_INITIALIZER;
static char samples[5][200];
static int nsamples;

static void sample(const char *fmt, ...)
{
	char line[200];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == '"' || *p == '\\' || (unsigned char)*p > '~')
			*p = '?';
	pthread_mutex_lock(&sample_lock);
	bool known = false;
	for (int i = 0; i < nsamples; i++)
		known |= !strcmp(samples[i], line);
	if (!known && nsamples < 5)
		strcpy(samples[nsamples++], line);
	pthread_mutex_unlock(&sample_lock);
}

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct usage {
	double cpu, user, sys;
	long rss, peak;
};

static struct usage server_usage(void)
{
	struct usage u = { 0 };
	double tick = (double)sysconf(_SC_CLK_TCK);
	for (int i = 0; i < cfg.npids; i++) {
		char path[64], line[1024];
		snprintf(path, sizeof path, "/proc/%d/stat", cfg.pids[i]);
		FILE *f = fopen(path, "r");
		unsigned long ut = 0, st = 0;
		if (f) {
			if (fgets(line, sizeof line, f)) {
				char *p = strrchr(line, ')');
				if (p)
					sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st);
			}
			fclose(f);
		} else
			sample("no process %d", cfg.pids[i]);
		u.user += (double)ut / tick;
		u.sys += (double)st / tick;
		clockid_t clk;
		struct timespec ts;
		if (clock_getcpuclockid(cfg.pids[i], &clk) == 0 && clock_gettime(clk, &ts) == 0)
			u.cpu += (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
		else
			u.cpu += (double)(ut + st) / tick;
		snprintf(path, sizeof path, "/proc/%d/status", cfg.pids[i]);
		if ((f = fopen(path, "r"))) {
			long v;
			while (fgets(line, sizeof line, f)) {
				if (sscanf(line, "VmRSS: %ld", &v) == 1)
					u.rss += v;
				else if (sscanf(line, "VmHWM: %ld", &v) == 1)
					u.peak += v;
			}
			fclose(f);
		}
	}
	return u;
}

/* ---- sessions ---------------------------------------------------------------------------- */

enum expect { X_GREETING, X_HELO, X_AUTH, X_MAIL, X_RCPT, X_DATA, X_DONE, X_CHUNK, X_NOOP, X_QUIT };
static const short expect_code[] = { 220, 250, 235, 250, 250, 354, 250, 250, 250, 221 };
static const char *const expect_names[] = {
	"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "end of content", "BDAT", "NOOP", "QUIT",
};

enum caps { CAP_PIPELINING = 1, CAP_CHUNKING = 2 };

struct session {
	int fd; /* -1: not connected */
	bool connecting, parked, want_out, quit_sent;
	unsigned caps;
	long on_conn;    /* messages completed on this connection */
	int inflight;    /* messages begun and not yet settled */
	int next_rcpt;   /* lockstep */
	int dones;       /* LMTP: replies to the content still due */
	uint64_t start;  /* of the message that completes next */
	uint64_t start2; /* chained: of the one behind it */
	uint64_t content; /* when the content's end was written */
	/* replies due, oldest first */
	uint8_t *due;
	unsigned due_head, due_tail;
	/* reply being read */
	short code; /* of the multi-line reply under way, or 0 */
	int ilen;
	char ibuf[2048];
	/* output not yet taken by the kernel */
	struct iovec *out;
	int out_i, out_n;
	char id[2][ID_LEN + 1];
	int id_turn;
	struct session *next_free;
};

struct worker {
	int index, ep, nsess, unparked, connecting, next_connect;
	struct session *sess;
	struct session *free_list; /* open loop: sessions with nothing to do */
	uint64_t next_due, due_step;
	uint64_t seq;
	struct stats st;
	pthread_t thread;
};

enum phase { P_CONNECT, P_WARMUP, P_MEASURE, P_NOOP, P_QUIT };
static enum phase phase;
static atomic_long tickets;
static long ticket_limit;
static uint64_t deadline;    /* of the measured phase with -d */
static uint64_t give_up;     /* watchdog */
static uint64_t phase_start;
static atomic_bool timed_out;
static unsigned due_mask;

static void next_message(struct worker *w, struct session *s);
static bool start_connect(struct worker *w, struct session *s);

static void set_events(struct worker *w, struct session *s, bool out)
{
	if (s->want_out == out)
		return;
	s->want_out = out;
	struct epoll_event ev = { .events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = s };
	epoll_ctl(w->ep, EPOLL_CTL_MOD, s->fd, &ev);
}

static void park(struct worker *w, struct session *s)
{
	if (!s->parked) {
		s->parked = true;
		w->unparked--;
	}
}

static void drop(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->connecting = s->want_out = s->quit_sent = false;
	s->due_head = s->due_tail = 0;
	s->code = 0;
	s->ilen = 0;
	s->out_i = s->out_n = 0;
	s->on_conn = 0;
	s->dones = 0;
}

static void settle_failed(struct worker *w, struct session *s)
{
	w->st.errors++;
	w->st.failed += s->inflight;
	s->inflight = 0;
	if (s->connecting)
		w->connecting--;
	drop(s);
}

/* Something other than what was due: the connection is given up, its messages have failed. */
static void fail(struct worker *w, struct session *s)
{
	settle_failed(w, s);
	if (phase == P_CONNECT || phase >= P_NOOP)
		park(w, s);
	else
		next_message(w, s);
}

static void expect(struct session *s, enum expect x)
{
	s->due[s->due_tail++ & due_mask] = (uint8_t)x;
}

/* Writes what the session has to say; false if the connection was lost. */
static bool flush(struct worker *w, struct session *s)
{
	while (s->out_i < s->out_n) {
		int n = s->out_n - s->out_i;
		struct msghdr m = { .msg_iov = s->out + s->out_i, .msg_iovlen = (size_t)(n < 512 ? n : 512) };
		ssize_t k = sendmsg(s->fd, &m, MSG_NOSIGNAL);
		w->st.writes++;
		if (k < 0) {
			if (errno == EINTR)
				continue;
			if (errno == EAGAIN) {
				set_events(w, s, true);
				return true;
			}
			sample("write: %s", strerror(errno));
			w->st.closed++;
			return false;
		}
		while (k > 0) {
			struct iovec *v = s->out + s->out_i;
			if ((size_t)k < v->iov_len) {
				v->iov_base = (char *)v->iov_base + k;
				v->iov_len -= (size_t)k;
				break;
			}
			k -= (ssize_t)v->iov_len;
			s->out_i++;
		}
	}
	s->out_i = s->out_n = 0;
	set_events(w, s, false);
	return true;
}

static void put(struct session *s, struct iovec v)
{
	s->out[s->out_n++] = v;
}

static void hex16(char *p, uint64_t v)
{
	for (int i = 15; i >= 0; i--, v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
}

static void put_template(struct worker *w, struct session *s, const struct tmpl *t)
{
	for (int i = 0; i < t->n; i++) {
		struct iovec v = t->iov[i];
		if (!v.iov_base) {
			char *id = s->id[s->id_turn ^= 1];
			hex16(id + 13 + 17, (uint64_t)w->index << 48 | w->seq++);
			v.iov_base = id;
		}
		put(s, v);
	}
}

static bool take_ticket(void)
{
	if (phase == P_MEASURE && deadline && now_ns() >= deadline)
		return false;
	if (atomic_load_explicit(&timed_out, memory_order_relaxed))
		return false;
	if (atomic_fetch_add_explicit(&tickets, 1, memory_order_relaxed) >= ticket_limit)
		return false;
	return true;
}

static void expect_envelope(struct session *s)
{
	expect(s, X_MAIL);
	for (int i = 0; i < cfg.rcpts; i++)
		expect(s, X_RCPT);
}

static void expect_done(struct session *s)
{
	for (int i = 0; i < (cfg.lmtp ? cfg.rcpts : 1); i++)
		expect(s, X_DONE);
}

static bool last_on_conn(const struct session *s)
{
	return cfg.per_conn && s->on_conn + s->inflight >= cfg.per_conn;
}

static void put_quit(struct session *s)
{
	put(s, c_quit);
	expect(s, X_QUIT);
	s->quit_sent = true;
}

/* Begins a message whose ticket is held, on a connection that is ready. */
static void begin(struct worker *w, struct session *s)
{
	s->dones = cfg.lmtp ? cfg.rcpts : 1;
	switch (cfg.mode) {
	case M_LOCKSTEP:
		put(s, c_mail);
		expect(s, X_MAIL);
		s->next_rcpt = 0;
		break;
	case M_PIPELINED:
	case M_CHAINED:
		put_template(w, s, &t_envelope);
		expect_envelope(s);
		expect(s, X_DATA);
		break;
	case M_BDAT:
		put_template(w, s, &t_bdat);
		s->content = s->start;
		expect_envelope(s);
		for (int i = 1; i < bdat_chunks; i++)
			expect(s, X_CHUNK);
		expect_done(s);
		if (last_on_conn(s))
			put_quit(s);
		break;
	case M_IDLE:
		break;
	}
	if (!flush(w, s))
		fail(w, s);
}

static void next_message(struct worker *w, struct session *s)
{
	if (cfg.rate > 0 && phase == P_MEASURE) {
		s->next_free = w->free_list; /* run_phase starts it when one is due */
		w->free_list = s;
		return;
	}
	while (take_ticket()) {
		s->inflight++;
		s->start = now_ns();
		if (s->fd >= 0) {
			begin(w, s);
			return;
		}
		if (start_connect(w, s))
			return;
	}
	park(w, s);
}

static void connected(struct worker *w, struct session *s)
{
	s->connecting = false;
	w->connecting--;
	expect(s, X_GREETING);
}

/* False where the kernel would not even begin to connect; the message, if any, has then failed. */
static bool start_connect(struct worker *w, struct session *s)
{
	static atomic_uint turn;
	int fd = socket(target.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;
	s->connecting = true;
	w->connecting++;
	if (fd < 0) {
		sample("socket: %s", strerror(errno));
		w->st.connect_failed++;
		settle_failed(w, s);
		return false;
	}
	s->fd = fd;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (cfg.src_addrs > 1 && target.ss_family == AF_INET) {
		struct sockaddr_in a = { .sin_family = AF_INET };
		unsigned k = atomic_fetch_add(&turn, 1) % (unsigned)cfg.src_addrs;
		a.sin_addr.s_addr = htonl(INADDR_LOOPBACK + k);
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
		if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
			sample("bind: %s", strerror(errno));
	}
	w->st.connects++;
	int r = connect(fd, (struct sockaddr *)&target, target_len);
	if (r < 0 && errno != EINPROGRESS) {
		sample("connect: %s", strerror(errno));
		w->st.connect_failed++;
		settle_failed(w, s);
		return false;
	}
	s->want_out = r < 0;
	struct epoll_event ev = { .events = EPOLLIN | (r < 0 ? EPOLLOUT : 0), .data.ptr = s };
	epoll_ctl(w->ep, EPOLL_CTL_ADD, fd, &ev);
	if (r == 0)
		connected(w, s);
	return true;
}

/* The connection has answered EHLO (and AUTH): it can carry messages. */
static void ready(struct worker *w, struct session *s)
{
	unsigned need = cfg.mode == M_PIPELINED || cfg.mode == M_CHAINED ? CAP_PIPELINING
		: cfg.mode == M_BDAT ? CAP_PIPELINING | CAP_CHUNKING : 0;
	if (!cfg.force && (s->caps & need) != need) {
		sample("the server does not announce %s", (need & ~s->caps) == CAP_CHUNKING ? "CHUNKING" : "PIPELINING");
		w->st.protocol++;
		fail(w, s);
		return;
	}
	if (phase == P_CONNECT)
		park(w, s);
	else
		begin(w, s);
}

static void message_done(struct worker *w, struct session *s)
{
	uint64_t t = now_ns(), lat = t - s->start;
	struct stats *st = &w->st;
	st->ok++;
	st->lat_sum += lat;
	if (lat < st->lat_min)
		st->lat_min = lat;
	if (lat > st->lat_max)
		st->lat_max = lat;
	st->lat[h_index(lat)]++;
	st->dot[h_index(t - s->content)]++;
	s->on_conn++;
	s->inflight--;
	if (s->quit_sent)
		return;
	if (s->inflight > 0) { /* chained: the next one's envelope is under way */
		s->start = s->start2;
		s->dones = cfg.lmtp ? cfg.rcpts : 1;
		return;
	}
	if (last_on_conn(s)) {
		put_quit(s);
		if (!flush(w, s))
			fail(w, s);
		return;
	}
	next_message(w, s);
}

/* 354 has come: the content, and what may ride behind it. */
static void send_content(struct worker *w, struct session *s)
{
	put_template(w, s, &t_content);
	s->content = now_ns();
	expect_done(s);
	if (cfg.mode != M_LOCKSTEP && last_on_conn(s))
		put_quit(s);
	else if (cfg.mode == M_CHAINED && take_ticket()) {
		s->inflight++;
		s->start2 = now_ns();
		put_template(w, s, &t_envelope);
		expect_envelope(s);
		expect(s, X_DATA);
	}
}

/* A whole reply that was due, with the right code; false if the session is gone or not its own any more. */
static bool on_reply(struct worker *w, struct session *s, enum expect x)
{
	switch (x) {
	case X_GREETING:
		s->caps = 0;
		put(s, c_helo);
		expect(s, X_HELO);
		break;
	case X_HELO:
		if (cfg.auth) {
			put(s, c_auth);
			expect(s, X_AUTH);
			break;
		}
		/* fall through */
	case X_AUTH:
		ready(w, s);
		return s->fd >= 0;
	case X_MAIL:
		if (cfg.mode == M_LOCKSTEP) {
			put(s, c_rcpt[s->next_rcpt++]);
			expect(s, X_RCPT);
		}
		break;
	case X_RCPT:
		if (cfg.mode == M_LOCKSTEP) {
			bool more = s->next_rcpt < cfg.rcpts;
			put(s, more ? c_rcpt[s->next_rcpt++] : c_data);
			expect(s, more ? X_RCPT : X_DATA);
		}
		break;
	case X_DATA:
		send_content(w, s);
		break;
	case X_CHUNK:
		break;
	case X_DONE:
		if (--s->dones == 0) {
			message_done(w, s);
			return s->fd >= 0;
		}
		break;
	case X_NOOP:
		park(w, s);
		break;
	case X_QUIT:
		drop(s);
		if (phase == P_QUIT)
			park(w, s);
		else
			next_message(w, s);
		return false;
	}
	if (s->out_n > 0 && !flush(w, s)) {
		fail(w, s);
		return false;
	}
	return true;
}

static bool word_is(const char *p, size_t n, const char *word)
{
	size_t k = strlen(word);
	return n >= k && !strncasecmp(p, word, k) && (n == k || p[k] == ' ');
}

/* One line of a reply, its CRLF cut off; false if the session is gone. */
static bool on_line(struct worker *w, struct session *s, char *p, size_t n)
{
	if (n < 3 || p[0] < '2' || p[0] > '5' || (unsigned)(p[1] - '0') > 9 || (unsigned)(p[2] - '0') > 9 ||
	    (n > 3 && p[3] != ' ' && p[3] != '-')) {
		sample("not a reply line: %.*s", (int)(n < 80 ? n : 80), p);
		w->st.protocol++;
		fail(w, s);
		return false;
	}
	short code = (short)((p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0'));
	if (s->code && s->code != code) {
		sample("codes differ in one reply: %d, then %d", s->code, code);
		w->st.protocol++;
		fail(w, s);
		return false;
	}
	if (s->due_head == s->due_tail) {
		sample("a reply none was waiting for: %.*s", (int)(n < 80 ? n : 80), p);
		w->st.protocol++;
		fail(w, s);
		return false;
	}
	enum expect x = s->due[s->due_head & due_mask];
	if (x == X_HELO && n > 4) {
		if (word_is(p + 4, n - 4, "PIPELINING"))
			s->caps |= CAP_PIPELINING;
		else if (word_is(p + 4, n - 4, "CHUNKING"))
			s->caps |= CAP_CHUNKING;
	}
	if (n > 3 && p[3] == '-') {
		s->code = code;
		return true;
	}
	s->code = 0;
	s->due_head++;
	if (code != expect_code[x] && !(x == X_RCPT && code == 251)) {
		sample("%s: %.*s", expect_names[x], (int)(n < 80 ? n : 80), p);
		w->st.wrong_code++;
		fail(w, s);
		return false;
	}
	return on_reply(w, s, x);
}

static void on_input(struct worker *w, struct session *s)
{
	ssize_t k = recv(s->fd, s->ibuf + s->ilen, sizeof s->ibuf - (size_t)s->ilen, 0);
	w->st.reads++;
	if (k <= 0) {
		if (k < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		sample("%s while waiting for %s", k ? strerror(errno) : "closed by the server",
		       s->due_head == s->due_tail ? "nothing" : expect_names[s->due[s->due_head & due_mask]]);
		w->st.closed++;
		fail(w, s);
		return;
	}
	int end = s->ilen + (int)k, pos = 0;
	const int fd = s->fd;
	for (;;) {
		char *lf = memchr(s->ibuf + pos, '\n', (size_t)(end - pos));
		if (!lf)
			break;
		char *line = s->ibuf + pos;
		size_t n = (size_t)(lf - line);
		if (n == 0 || lf[-1] != '\r') {
			sample("a bare LF in a reply");
			w->st.protocol++;
			fail(w, s);
			return;
		}
		pos = (int)(lf - s->ibuf) + 1;
		s->ilen = 0;
		if (!on_line(w, s, line, n - 1))
			return;
		if (s->fd != fd)
			return;
	}
	s->ilen = end - pos;
	if (s->ilen == (int)sizeof s->ibuf) {
		sample("a reply line longer than %zu", sizeof s->ibuf);
		w->st.protocol++;
		fail(w, s);
		return;
	}
	if (pos && s->ilen)
		memmove(s->ibuf, s->ibuf + pos, (size_t)s->ilen);
}

static void on_event(struct worker *w, struct session *s, uint32_t events)
{
	if (s->fd < 0)
		return;
	if (s->connecting) {
		int err = 0;
		socklen_t len = sizeof err;
		getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len);
		if (err) {
			sample("connect: %s", strerror(err));
			w->st.connect_failed++;
			fail(w, s);
			return;
		}
		if (!(events & EPOLLOUT))
			return;
		connected(w, s);
		set_events(w, s, false);
	} else if (events & EPOLLOUT) {
		if (!flush(w, s)) {
			fail(w, s);
			return;
		}
	}
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		on_input(w, s);
}

/* ---- phases ------------------------------------------------------------------------------ */

/* Open loop: starts every message that is due by now for which a session is free. */
static bool start_due(struct worker *w)
{
	uint64_t t = now_ns();
	while (w->free_list && w->next_due <= t) {
		struct session *s = w->free_list;
		if (!take_ticket())
			return false;
		w->free_list = s->next_free;
		s->inflight++;
		s->start = w->next_due;
		w->next_due += w->due_step;
		if (s->fd >= 0)
			begin(w, s);
		else if (!start_connect(w, s))
			next_message(w, s);
	}
	return true;
}

static void run_phase(struct worker *w)
{
	const bool paced = cfg.rate > 0 && phase == P_MEASURE;
	bool more = true;
	w->free_list = NULL;
	w->unparked = w->nsess;
	w->next_connect = w->nsess;
	if (paced) {
		w->due_step = (uint64_t)(1e9 * cfg.threads / cfg.rate);
		w->next_due = phase_start + w->due_step * (uint64_t)w->index / (uint64_t)cfg.threads;
	}
	for (int i = 0; i < w->nsess; i++)
		w->sess[i].parked = false;
	if (phase == P_CONNECT)
		w->next_connect = 0;
	else
		for (int i = 0; i < w->nsess; i++) {
			struct session *s = w->sess + i;
			if (phase < P_NOOP)
				next_message(w, s);
			else if (s->fd < 0)
				park(w, s);
			else {
				if (phase == P_QUIT)
					put_quit(s);
				else {
					put(s, c_noop);
					expect(s, X_NOOP);
				}
				if (!flush(w, s))
					fail(w, s);
			}
		}

	struct epoll_event ev[256];
	while (w->unparked > 0) {
		while (w->next_connect < w->nsess && w->connecting < cfg.burst / cfg.threads + 1) {
			struct session *s = &w->sess[w->next_connect++];
			if (!start_connect(w, s))
				park(w, s);
		}
		struct timespec wait = { 0, 100000000 };
		if (paced) {
			if (more)
				more = start_due(w);
			if (!more) { /* no tickets left: sessions that are free have finished */
				for (struct session *s = w->free_list; s; s = s->next_free)
					park(w, s);
				w->free_list = NULL;
				if (w->unparked == 0)
					break;
			} else if (w->free_list) {
				uint64_t t = now_ns();
				uint64_t gap = w->next_due > t ? w->next_due - t : 0;
				if (gap < 100000000)
					wait.tv_nsec = (long)gap;
			}
		}
		int n = epoll_pwait2(w->ep, ev, 256, &wait, NULL);
		for (int i = 0; i < n; i++)
			on_event(w, ev[i].data.ptr, ev[i].events);
		if (n < 256 && now_ns() > give_up) {
			atomic_store(&timed_out, true);
			break;
		}
	}
}

static pthread_barrier_t gate;
static bool finished;

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	for (;;) {
		pthread_barrier_wait(&gate);
		if (finished)
			return NULL;
		run_phase(w);
		pthread_barrier_wait(&gate);
	}
}

static struct worker *workers;

/* Runs one phase on all threads, this one being worker 0; seconds it took. */
static double do_phase(enum phase p, long limit)
{
	phase = p;
	atomic_store(&tickets, 0);
	ticket_limit = limit;
	phase_start = now_ns();
	deadline = p == P_MEASURE && cfg.duration > 0 ? phase_start + (uint64_t)(cfg.duration * 1e9) : 0;
	pthread_barrier_wait(&gate);
	run_phase(&workers[0]);
	pthread_barrier_wait(&gate);
	return (double)(now_ns() - phase_start) / 1e9;
}

static struct stats gather(void)
{
	static struct stats t;
	memset(&t, 0, sizeof t);
	t.lat_min = UINT64_MAX;
	for (int i = 0; i < cfg.threads; i++) {
		struct stats *s = &workers[i].st;
		t.ok += s->ok, t.failed += s->failed, t.errors += s->errors;
		t.reads += s->reads, t.writes += s->writes, t.connects += s->connects;
		t.wrong_code += s->wrong_code, t.closed += s->closed;
		t.connect_failed += s->connect_failed, t.protocol += s->protocol;
		t.lat_sum += s->lat_sum;
		if (s->lat_min < t.lat_min)
			t.lat_min = s->lat_min;
		if (s->lat_max > t.lat_max)
			t.lat_max = s->lat_max;
		for (int k = 0; k < H_SIZE; k++)
			t.lat[k] += s->lat[k], t.dot[k] += s->dot[k];
	}
	return t;
}

static void reset_stats(bool keep_errors)
{
	for (int i = 0; i < cfg.threads; i++) {
		struct stats *s = &workers[i].st, old = *s;
		memset(s, 0, sizeof *s);
		s->lat_min = UINT64_MAX;
		if (keep_errors)
			s->errors = old.errors, s->wrong_code = old.wrong_code, s->closed = old.closed,
			s->connect_failed = old.connect_failed, s->protocol = old.protocol;
	}
}

static double cpu_self(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void raise_files(void)
{
	struct rlimit r;
	rlim_t want = (rlim_t)cfg.sessions + 64;
	getrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur >= want)
		return;
	if (r.rlim_max < want)
		r.rlim_max = want;
	r.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0)
		die("cannot raise the limit of open files to %lu: %s", (unsigned long)want, strerror(errno));
}

static void set_target(void)
{
	struct sockaddr_in *a4 = (struct sockaddr_in *)&target;
	struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)&target;
	if (inet_pton(AF_INET, cfg.host, &a4->sin_addr) == 1) {
		if (ntohl(a4->sin_addr.s_addr) >> 24 != 127)
			die("only loopback addresses: 127.0.0.0/8 or ::1");
		a4->sin_family = AF_INET;
		a4->sin_port = htons((uint16_t)cfg.port);
		target_len = sizeof *a4;
	} else if (inet_pton(AF_INET6, cfg.host, &a6->sin6_addr) == 1) {
		if (!IN6_IS_ADDR_LOOPBACK(&a6->sin6_addr))
			die("only loopback addresses: 127.0.0.0/8 or ::1");
		a6->sin6_family = AF_INET6;
		a6->sin6_port = htons((uint16_t)cfg.port);
		target_len = sizeof *a6;
	} else
		die("HOST must be an address literal");
}

static long number(const char *s, const char *what, long lo, long hi)
{
	char *end;
	long v = strtol(s, &end, 10);
	if (end == s || *end || v < lo || v > hi)
		die("%s: a number from %ld to %ld", what, lo, hi);
	return v;
}

static void usage(void)
{
	fputs("use: loadgen [-w warmup] [-d sec] [-t sec] [-T threads] [-r rcpts] [-c chunk] [-R rate] [-L]\n"
	      "               [-D n] [-A user:pass] [-f from] [-o to] [-a addrs] [-b burst] [-H sec] [-p pid] [-F]\n"
	      "               HOST PORT SESSIONS MESSAGES LENGTH lockstep|pipelined|chained|bdat|idle REUSE\n", stderr);
	exit(2);
}

static void parse(int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "w:d:t:T:r:c:R:LD:A:f:o:a:b:H:p:F")) != -1)
		switch (c) {
		case 'w': cfg.warmup = number(optarg, "-w", 0, 1000000000); break;
		case 'd': cfg.duration = atof(optarg); break;
		case 't': cfg.timeout = atof(optarg); break;
		case 'T': cfg.threads = (int)number(optarg, "-T", 1, 64); break;
		case 'r': cfg.rcpts = (int)number(optarg, "-r", 1, 1000); break;
		case 'c': cfg.chunk = number(optarg, "-c", 1, 1 << 30); break;
		case 'R': cfg.rate = atof(optarg); break;
		case 'L': cfg.lmtp = true; break;
		case 'D': cfg.dots = (int)number(optarg, "-D", 1, 1000000); break;
		case 'A': cfg.auth = optarg; break;
		case 'f': cfg.from = optarg; break;
		case 'o': cfg.to = optarg; break;
		case 'a': cfg.src_addrs = (int)number(optarg, "-a", 1, 250); break;
		case 'b': cfg.burst = (int)number(optarg, "-b", 1, 100000); break;
		case 'H': cfg.hold = atof(optarg); break;
		case 'p':
			if (cfg.npids == 16)
				die("16 -p at most");
			cfg.pids[cfg.npids++] = (int)number(optarg, "-p", 1, 1 << 30);
			break;
		case 'F': cfg.force = true; break;
		default: usage();
		}
	if (argc - optind != 7)
		usage();
	argv += optind;
	cfg.host = argv[0];
	cfg.port = (int)number(argv[1], "PORT", 1, 65535);
	cfg.sessions = (int)number(argv[2], "SESSIONS", 1, 1000000);
	cfg.messages = number(argv[3], "MESSAGES", 0, 1000000000);
	cfg.length = number(argv[4], "LENGTH", 0, 1 << 30);
	int m;
	for (m = 0; m <= M_IDLE && strcmp(argv[5], mode_names[m]); m++)
		;
	if (m > M_IDLE)
		usage();
	cfg.mode = (enum mode)m;
	cfg.per_conn = number(argv[6], "REUSE", 0, 1000000000);
	if (cfg.mode == M_CHAINED && cfg.rate > 0)
		die("-R does not go with chained");
	if (cfg.threads > cfg.sessions)
		cfg.threads = cfg.sessions;
	set_target();
}

static void make_workers(void)
{
	unsigned size = 16;
	while (size < (unsigned)(2 * (2 * cfg.rcpts + 8 + bdat_chunks)))
		size *= 2;
	due_mask = size - 1;
	int slots = t_bdat.n + t_content.n + t_envelope.n + 4;
	workers = xalloc(sizeof *workers * (size_t)cfg.threads);
	for (int i = 0; i < cfg.threads; i++) {
		struct worker *w = workers + i;
		w->index = i;
		w->nsess = cfg.sessions / cfg.threads + (i < cfg.sessions % cfg.threads);
		w->ep = epoll_create1(EPOLL_CLOEXEC);
		w->sess = xalloc(sizeof *w->sess * (size_t)w->nsess);
		for (int k = 0; k < w->nsess; k++) {
			struct session *s = w->sess + k;
			s->fd = -1;
			s->due = xalloc(size);
			s->out = xalloc(sizeof *s->out * (size_t)slots);
			for (int j = 0; j < 2; j++) {
				memcpy(s->id[j], id_form, ID_LEN);
				hex16(s->id[j] + 13, run_id);
			}
		}
	}
	reset_stats(false);
	pthread_barrier_init(&gate, NULL, (unsigned)cfg.threads);
	for (int i = 1; i < cfg.threads; i++)
		if (pthread_create(&workers[i].thread, NULL, worker_main, workers + i))
			die("cannot start a thread");
}

int main(int argc, char **argv)
{
	_Static_assert(sizeof id_form - 1 == ID_LEN, "ID_LEN");
	parse(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	raise_files();
	struct timespec real;
	clock_gettime(CLOCK_REALTIME, &real);
	run_id = (uint64_t)real.tv_sec << 30 ^ (uint64_t)real.tv_nsec ^ (uint64_t)getpid() << 40;
	build_templates();
	make_workers();
	give_up = now_ns() + (uint64_t)(cfg.timeout * 1e9);

	const bool idle = cfg.mode == M_IDLE;
	struct usage u0 = server_usage(), u1, u2;
	double t_connect = 0, t_run = 0;
	long connects = 0;
	if (idle || cfg.per_conn == 0) {
		t_connect = do_phase(P_CONNECT, 0);
		connects = gather().connects;
	}
	u1 = server_usage();
	if (!idle && cfg.warmup > 0) {
		do_phase(P_WARMUP, cfg.warmup);
		u1 = server_usage();
	}
	long early = gather().errors;
	reset_stats(true);

	double cpu0 = cpu_self();
	int alive = 0;
	if (idle) {
		struct timespec hold = { (time_t)cfg.hold, (long)((cfg.hold - (double)(time_t)cfg.hold) * 1e9) };
		nanosleep(&hold, NULL);
	} else
		t_run = do_phase(P_MEASURE, cfg.messages ? cfg.messages : cfg.duration > 0 ? 1000000000 : 0);
	double cpu = cpu_self() - cpu0;
	u2 = server_usage();
	if (idle && !atomic_load(&timed_out)) {
		do_phase(P_NOOP, 0);
		for (int i = 0; i < cfg.threads; i++)
			for (int k = 0; k < workers[i].nsess; k++)
				alive += workers[i].sess[k].fd >= 0;
	}
	struct stats st = gather();
	if (!atomic_load(&timed_out))
		do_phase(P_QUIT, 0);
	st.errors = gather().errors;
	finished = true;
	if (cfg.threads > 1)
		pthread_barrier_wait(&gate);

	bool late = atomic_load(&timed_out);
	printf("{\"mode\":\"%s\",\"port\":%d,\"sessions\":%d,\"per_conn\":%ld,\"length\":%ld,\"rcpts\":%d,\"threads\":%d",
	       mode_names[cfg.mode], cfg.port, cfg.sessions, cfg.per_conn, cfg.length, cfg.rcpts, cfg.threads);
	if (t_connect > 0)
		printf(",\"connect\":{\"count\":%ld,\"seconds\":%.4f,\"server_cpu_us_per_conn\":%.2f}", connects, t_connect,
		       cfg.npids && connects && cfg.warmup == 0 ? (u1.cpu - u0.cpu) * 1e6 / (double)connects : 0.0);
	if (idle) {
		printf(",\"alive\":%d,\"hold_s\":%.1f,\"server\":{\"rss_before_kb\":%ld,\"rss_after_kb\":%ld,\"rss_bytes_per_conn\":%.0f,"
		       "\"idle_cpu_ms_per_s\":%.2f}",
		       alive, cfg.hold, u0.rss, u2.rss, alive ? (double)(u2.rss - u0.rss) * 1024 / alive : 0.0,
		       cfg.hold > 0 ? (u2.cpu - u1.cpu) * 1e3 / cfg.hold : 0.0);
	} else {
		double n = st.ok ? (double)st.ok : 1;
		printf(",\"ok\":%ld,\"failed\":%ld,\"seconds\":%.4f,\"msgs_per_s\":%.1f,\"mb_per_s\":%.2f", st.ok, st.failed,
		       t_run, t_run > 0 ? (double)st.ok / t_run : 0.0,
		       t_run > 0 ? (double)st.ok * (double)cfg.length / 1e6 / t_run : 0.0);
		printf(",\"latency_us\":{\"min\":%.1f,\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}",
		       st.ok ? (double)st.lat_min / 1e3 : 0.0, (double)st.lat_sum / n / 1e3, (double)h_quantile(&st, st.lat, .5) / 1e3,
		       (double)h_quantile(&st, st.lat, .9) / 1e3, (double)h_quantile(&st, st.lat, .99) / 1e3,
		       (double)h_quantile(&st, st.lat, .999) / 1e3, (double)st.lat_max / 1e3);
		printf(",\"dot_us\":{\"p50\":%.1f,\"p99\":%.1f}", (double)h_quantile(&st, st.dot, .5) / 1e3,
		       (double)h_quantile(&st, st.dot, .99) / 1e3);
		printf(",\"client\":{\"cpu_us_per_msg\":%.2f,\"reads_per_msg\":%.2f,\"writes_per_msg\":%.2f}", cpu * 1e6 / n,
		       (double)st.reads / n, (double)st.writes / n);
		if (cfg.npids)
			printf(",\"server\":{\"cpu_us_per_msg\":%.2f,\"user_us_per_msg\":%.2f,\"sys_us_per_msg\":%.2f,\"cores\":%.2f,"
			       "\"rss_kb\":%ld,\"peak_rss_kb\":%ld}",
			       (u2.cpu - u1.cpu) * 1e6 / n, (u2.user - u1.user) * 1e6 / n, (u2.sys - u1.sys) * 1e6 / n,
			       t_run > 0 ? (u2.cpu - u1.cpu) / t_run : 0.0, u2.rss, u2.peak);
	}
	printf(",\"errors\":%ld,\"errors_before_measuring\":%ld,\"error_kinds\":{\"wrong_code\":%ld,\"closed\":%ld,"
	       "\"connect\":%ld,\"protocol\":%ld},\"samples\":[",
	       st.errors, early, st.wrong_code, st.closed, st.connect_failed, st.protocol);
	for (int i = 0; i < nsamples; i++)
		printf("%s\"%s\"", i ? "," : "", samples[i]);
	printf("],\"timed_out\":%s}\n", late ? "true" : "false");
	if (late)
		return 3;
	bool short_count = !idle && cfg.messages && cfg.duration <= 0 && st.ok != cfg.messages;
	return st.errors || st.failed || short_count || (idle && alive != cfg.sessions) ? 1 : 0;
}
