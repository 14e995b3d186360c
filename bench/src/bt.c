/*
 * bt - bench tool: load generator, counting sink, name server and probes for mail relays.
 * Single-threaded epoll loops, loopback only.
 *
 *   bt load  -h HOST -p PORT -n N [-s SESSIONS] [-z BYTES] [-m MSGS_PER_CONN] [-D DOMAINS] [-d DOMAIN]
 *            [-r RUNID] [-f FIRST] [-a FILE] [-x] [-V COUNT] [-P] [-T SECONDS]
 *        -D n  recipient domains d0.bench.test to d<n-1>.bench.test; -d: this domain only
 *        -f n  the first message's number
 *        -a f  writes the number of every message that was answered 250, one per line
 *        -x    a message whose answer never came is given up ("doubt"), not sent again: then every
 *              copy the sink sees beyond the first was made by the relay
 *        -V n  adds "x-virtual-mta: v<number % n + 1>" to the header
 *        -J    adds "x-job: j<n>" to the header: j1 for v1 and v2, j2 for v3 and v4, and so on
 *        -P    pipelines MAIL, RCPT and DATA when that is offered
 *   bt sink  -l ADDR:PORT [-l ADDR-LAST:PORT] -n N [-r RUNID] [-d REPLY_DELAY_MS] [-t IDLE_SECONDS]
 *            [-g GRACE_MS] [-o FILE] [-e FILE] [-S FILE] [-4] [-H]
 *        -o f  at the end writes "number copies" for every number seen
 *        -e f  writes "number source-address EHLO-name" for every message
 *        -S f  keeps the counts so far in this file, renewed every 200 ms
 *        -4    answers 451 to every RCPT until SIGUSR1 comes
 *        -H    takes connections and does not greet until SIGUSR1 comes
 *   bt dns   -l ADDR:PORT -m FIRST-ADDR [-c HOSTS]
 *        dN.bench.test has the MX mx<N % HOSTS + 1>.bench.test, and mxK.bench.test the address FIRST-ADDR + K - 1
 *   bt tree  -p PID [-i MS]
 *        processor time and anonymous memory of a process with all its descendants, those that ended and were waited
 *        for included; with -i looks every MS until SIGTERM comes and tells the highest memory
 *   bt fsync -d DIR [-w WRITERS] [-b BYTES] [-t SECONDS] [-m file|append]
 *
 * Each prints one line of key=value pairs on stdout. Every message carries its run id, its number, the time it was
 * sent and its body length in the header field X-Bench; the sink marks each number.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double cpu_s(int who) {
	struct rusage r;
	getrusage(who, &r);
	return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static void die(const char *fmt, ...) {
	va_list a;
	va_start(a, fmt);
	vfprintf(stderr, fmt, a);
	va_end(a);
	fputc('\n', stderr);
	exit(2);
}

static volatile sig_atomic_t stop_flag;
static void on_stop(int s) { (void)s; stop_flag = 1; }
static volatile sig_atomic_t accept_flag = 1;
static void on_accept(int s) { (void)s; accept_flag = 1; }

static int cmp_u32(const void *a, const void *b) {
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}
/* percentile of microsecond samples, in milliseconds; the array must be sorted */
static double pct(uint32_t *v, int n, double p) {
	if (n == 0) return 0;
	int i = (int)(p * (n - 1) + 0.5);
	return v[i] / 1000.0;
}

/* as many descriptors as may be had */
static void more_files(void) {
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) == 0) { r.rlim_cur = r.rlim_max; setrlimit(RLIMIT_NOFILE, &r); }
}

static void need_loopback(uint32_t host_order) {
	if ((host_order >> 24) != 127) die("only 127.0.0.0/8 is allowed");
}

/* ------------------------------------------------------------------ load */

enum { L_IDLE, L_CONNECT, L_BANNER, L_EHLO, L_MAIL, L_RCPT, L_DATA, L_PIPE, L_BODY, L_QUIT };

struct lconn {
	int fd, st, seq, inmsg, sent_on_conn, pending, pipelining;
	int64_t wake, t0;
	char in[4096];
	int inlen;
	char hdr[1024];          /* command or header text being written */
	int hlen, hoff, body;    /* body: payload follows the header text */
	size_t boff;
};

static struct {
	struct sockaddr_in to;
	int n, sess, mpc, domains, pipe, next, done, fail, first, giveup, doubt, vmtas, jobs;
	const char *domain;      /* recipient domain; NULL: d<number % domains>.bench.test */
	FILE *acked;
	int64_t temp, drops, conns;
	size_t bodylen;
	char *body;
	const char *run;
	int *redo, nredo;
	uint32_t *lat;
	int ep, quitting;
} L;

static int l_ended(void) { return L.done + L.fail + L.doubt >= L.n; }

/* the recipient domain of a message */
static const char *l_domain(int seq) {
	static char name[64];
	if (L.domain) return L.domain;
	snprintf(name, sizeof name, "d%d.bench.test", L.domains > 1 ? seq % L.domains : 0);
	return name;
}

static int l_next(void) {
	if (L.nredo) return L.redo[--L.nredo];
	if (L.next < L.n) return L.first + L.next++;
	return -1;
}

static void l_close(struct lconn *c) {
	if (c->fd >= 0) close(c->fd);
	c->fd = -1;
	c->st = L_IDLE;
}

static void l_retry(struct lconn *c) {
	if (c->inmsg) {
		if (c->st == L_BODY && L.giveup) L.doubt++;
		else L.redo[L.nredo++] = c->seq;
	}
	c->inmsg = 0;
}

static void l_flush(struct lconn *c) {
	for (;;) {
		struct iovec v[2];
		int k = 0;
		if (c->hoff < c->hlen) { v[k].iov_base = c->hdr + c->hoff; v[k++].iov_len = c->hlen - c->hoff; }
		if (c->body && c->boff < L.bodylen) { v[k].iov_base = L.body + c->boff; v[k++].iov_len = L.bodylen - c->boff; }
		if (!k) break;
		struct msghdr m = {.msg_iov = v, .msg_iovlen = k};
		ssize_t w = sendmsg(c->fd, &m, MSG_NOSIGNAL);
		if (w < 0) {
			if (errno == EAGAIN) {
				struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
				epoll_ctl(L.ep, EPOLL_CTL_MOD, c->fd, &e);
				c->pending = 1;
			}
			return;
		}
		size_t h = (size_t)(c->hlen - c->hoff);
		if ((size_t)w < h) c->hoff += (int)w;
		else { c->hoff = c->hlen; if (c->body) c->boff += (size_t)w - h; }
	}
	if (c->pending) {
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
		epoll_ctl(L.ep, EPOLL_CTL_MOD, c->fd, &e);
		c->pending = 0;
	}
}

static void l_say(struct lconn *c, int st, const char *fmt, ...) {
	va_list a;
	va_start(a, fmt);
	c->hlen = vsnprintf(c->hdr, sizeof c->hdr, fmt, a);
	va_end(a);
	c->hoff = 0; c->body = 0; c->boff = 0;
	c->st = st;
	l_flush(c);
}

static void l_connect(struct lconn *c) {
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0) die("socket: %s", strerror(errno));
	int one = 1;
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	c->inlen = 0; c->sent_on_conn = 0; c->pending = 0; c->inmsg = 0;
	c->st = L_BANNER;
	L.conns++;
	if (connect(c->fd, (struct sockaddr *)&L.to, sizeof L.to) < 0 && errno != EINPROGRESS) {
		close(c->fd); c->fd = -1; c->st = L_IDLE; c->wake = now_ns() + 50000000; L.drops++;
		return;
	}
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	epoll_ctl(L.ep, EPOLL_CTL_ADD, c->fd, &e);
}

static void l_start(struct lconn *c) {
	if (L.mpc && c->sent_on_conn >= L.mpc) { l_say(c, L_QUIT, "QUIT\r\n"); return; }
	int s = l_next();
	if (s < 0) { l_say(c, L_QUIT, "QUIT\r\n"); return; }
	c->seq = s; c->inmsg = 1;
	if (L.pipe && c->pipelining)
		l_say(c, L_PIPE, "MAIL FROM:<sender@src.bench.test>\r\nRCPT TO:<u%d@%s>\r\nDATA\r\n", s, l_domain(s));
	else
		l_say(c, L_MAIL, "MAIL FROM:<sender@src.bench.test>\r\n");
}

static void l_body(struct lconn *c) {
	char date[64];
	time_t t = time(NULL);
	struct tm tm;
	gmtime_r(&t, &tm);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	c->t0 = now_ns();
	c->hlen = snprintf(c->hdr, sizeof c->hdr,
		"From: Sender <sender@src.bench.test>\r\nTo: u%d@%s\r\n"
		"Subject: bench message %d\r\nDate: %s\r\nMessage-ID: <%s.%d@src.bench.test>\r\n"
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
		"X-Bench: %s %d %lld %zu\r\n",
		c->seq, l_domain(c->seq), c->seq, date, L.run, c->seq, L.run, c->seq, (long long)c->t0, L.bodylen - 3);
	if (L.vmtas)
		c->hlen += snprintf(c->hdr + c->hlen, sizeof c->hdr - c->hlen, "x-virtual-mta: v%d\r\n", c->seq % L.vmtas + 1);
	if (L.vmtas && L.jobs)
		c->hlen += snprintf(c->hdr + c->hlen, sizeof c->hdr - c->hlen, "x-job: j%d\r\n", c->seq % L.vmtas / 2 + 1);
	c->hlen += snprintf(c->hdr + c->hlen, sizeof c->hdr - c->hlen, "\r\n");
	c->hoff = 0; c->body = 1; c->boff = 0;
	c->st = L_BODY;
	l_flush(c);
}

static void l_reply(struct lconn *c, int code) {
	if (code == 421 || (code >= 500 && (c->st == L_BANNER || c->st == L_EHLO))) {
		if (code == 421) L.temp++; else L.drops++;
		c->st = L_IDLE;                   /* answered: not in doubt */
		l_retry(c);
		l_close(c);
		c->wake = now_ns() + 50000000;
		return;
	}
	if (code >= 400 && c->inmsg && c->st != L_PIPE) {
		if (code < 500) {
			L.temp++;
			c->st = L_IDLE;
			l_retry(c);
			l_close(c);           /* come back on a new connection after a pause */
			c->wake = now_ns() + 50000000;
		} else {
			L.fail++;
			c->inmsg = 0;
			l_close(c);
			c->wake = now_ns() + 1000000;
		}
		return;
	}
	switch (c->st) {
	case L_BANNER: l_say(c, L_EHLO, "EHLO load.bench.test\r\n"); break;
	case L_EHLO: l_start(c); break;
	case L_MAIL: l_say(c, L_RCPT, "RCPT TO:<u%d@%s>\r\n", c->seq, l_domain(c->seq)); break;
	case L_RCPT: l_say(c, L_DATA, "DATA\r\n"); break;
	case L_DATA: l_body(c); break;
	case L_PIPE:
		if (code == 354) l_body(c);
		else if (code >= 400) { L.temp++; l_retry(c); l_close(c); c->wake = now_ns() + 50000000; }
		break;
	case L_BODY: {
		int64_t us = (now_ns() - c->t0) / 1000;
		L.lat[L.done++] = us > 0xffffffffLL ? 0xffffffffu : (uint32_t)us;
		if (L.acked) fprintf(L.acked, "%d\n", c->seq);
		c->inmsg = 0;
		c->sent_on_conn++;
		l_start(c);
		break;
	}
	case L_QUIT: l_close(c); c->wake = 0; break;
	}
}

static void l_input(struct lconn *c) {
	ssize_t r = recv(c->fd, c->in + c->inlen, sizeof c->in - 1 - c->inlen, 0);
	if (r < 0 && errno == EAGAIN) return;
	if (r <= 0) {
		if (c->st != L_QUIT) { L.drops++; c->wake = now_ns() + 20000000; }
		l_retry(c);
		l_close(c);
		return;
	}
	c->inlen += (int)r;
	char *p = c->in, *end = c->in + c->inlen, *nl;
	while (c->fd >= 0 && (nl = memchr(p, '\n', end - p))) {
		*nl = 0;
		if (c->st == L_EHLO && strcasestr(p, "PIPELINING")) c->pipelining = 1;
		if (nl - p >= 3 && p[3] != '-') l_reply(c, atoi(p));
		p = nl + 1;
	}
	if (c->fd < 0) return;
	c->inlen = (int)(end - p);
	memmove(c->in, p, c->inlen);
	if (c->inlen >= (int)sizeof c->in - 1) die("reply line too long");
}

static int do_load(int ac, char **av) {
	const char *host = "127.0.0.1";
	int port = 25, size = 2048, o, limit = 600;
	L.n = 1000; L.sess = 20; L.run = "r0"; L.domains = 1;
	while ((o = getopt(ac, av, "h:p:n:s:z:m:D:d:r:f:a:xV:JPT:")) != -1) switch (o) {
		case 'h': host = optarg; break;
		case 'p': port = atoi(optarg); break;
		case 'n': L.n = atoi(optarg); break;
		case 's': L.sess = atoi(optarg); break;
		case 'z': size = atoi(optarg); break;
		case 'm': L.mpc = atoi(optarg); break;
		case 'D': L.domains = atoi(optarg); break;
		case 'd': L.domain = optarg; break;
		case 'r': L.run = optarg; break;
		case 'f': L.first = atoi(optarg); break;
		case 'a': if (!(L.acked = fopen(optarg, "w"))) die("%s: %s", optarg, strerror(errno)); break;
		case 'x': L.giveup = 1; break;
		case 'V': L.vmtas = atoi(optarg); break;
		case 'J': L.jobs = 1; break;
		case 'P': L.pipe = 1; break;
		case 'T': limit = atoi(optarg); break;
		default: die("usage: see source");
	}
	L.to.sin_family = AF_INET;
	L.to.sin_port = htons(port);
	if (inet_pton(AF_INET, host, &L.to.sin_addr) != 1) die("bad host");
	need_loopback(ntohl(L.to.sin_addr.s_addr));
	signal(SIGTERM, on_stop);
	signal(SIGINT, on_stop);

	/* body: printable lines of 74 characters + CRLF, then the final dot */
	int want = size > 420 ? size - 380 : 40;      /* headers take about 380 bytes */
	L.body = malloc(want + 200);
	unsigned x = 12345;
	while ((int)L.bodylen < want) {
		for (int i = 0; i < 74; i++) {
			x = x * 1103515245u + 12345u;
			unsigned v = (x >> 16) % 32;
			L.body[L.bodylen++] = v < 26 ? 'a' + v : ' ';
		}
		L.body[L.bodylen - 74] = 'L';
		L.body[L.bodylen - 1] = '.';
		L.body[L.bodylen++] = '\r';
		L.body[L.bodylen++] = '\n';
	}
	memcpy(L.body + L.bodylen, ".\r\n", 3);
	L.bodylen += 3;

	L.redo = malloc(sizeof(int) * (L.sess + L.n + 1));
	L.lat = malloc(sizeof(uint32_t) * (L.n + 1));
	L.ep = epoll_create1(0);
	struct lconn *cs = calloc(L.sess, sizeof *cs);
	int64_t start = now_ns();
	int64_t deadline = start + (int64_t)limit * 1000000000LL, done_at = 0;
	for (int i = 0; i < L.sess; i++) { cs[i].fd = -1; l_connect(&cs[i]); }
	struct epoll_event ev[256];
	while (!stop_flag) {
		int open = 0;
		int64_t t = now_ns();
		if (t > deadline) break;
		int idle = 0;
		for (int i = 0; i < L.sess; i++) {
			if (cs[i].fd >= 0) { open++; continue; }
			if (L.nredo || L.next < L.n) {
				if (t >= cs[i].wake) { l_connect(&cs[i]); if (cs[i].fd >= 0) open++; else idle = 1; }
				else idle = 1;
			}
		}
		if (l_ended() && !done_at) done_at = now_ns();
		if (!open && !idle) break;
		/* a connection the server has not taken up yet must not keep a finished run waiting */
		if (done_at && t - done_at > 200000000) break;
		int k = epoll_wait(L.ep, ev, 256, idle ? 5 : 100);
		for (int i = 0; i < k; i++) {
			struct lconn *c = ev[i].data.ptr;
			if (c->fd >= 0 && (ev[i].events & EPOLLOUT)) l_flush(c);
			if (c->fd >= 0 && (ev[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))) l_input(c);
			if (l_ended() && !done_at) done_at = now_ns();
		}
	}
	if (!done_at) done_at = now_ns();
	for (int i = 0; i < L.sess; i++)
		if (cs[i].fd >= 0 && cs[i].inmsg && cs[i].st == L_BODY) L.doubt++;
	if (L.acked && fclose(L.acked)) die("acknowledged numbers: %s", strerror(errno));
	qsort(L.lat, L.done, sizeof(uint32_t), cmp_u32);
	double s = (done_at - start) / 1e9;
	printf("accepted=%d failed=%d doubt=%d start_ns=%lld end_ns=%lld secs=%.3f rate=%.1f tempfail=%lld drops=%lld conns=%lld "
	       "acc_p50_ms=%.2f acc_p95_ms=%.2f acc_p99_ms=%.2f load_cpu=%.2f\n",
	       L.done, L.fail, L.doubt, (long long)start, (long long)done_at, s, L.done / s, (long long)L.temp, (long long)L.drops,
	       (long long)L.conns, pct(L.lat, L.done, .5), pct(L.lat, L.done, .95), pct(L.lat, L.done, .99), cpu_s(RUSAGE_SELF));
	return L.done == L.n ? 0 : 1;
}

/* ------------------------------------------------------------------ sink */

#define SBUF 65536
#define SHDR 32768

struct sconn {
	int fd, data, quit, msgs, queued, wantw, refused;
	struct in_addr peer;
	char ehlo[128];
	int len;                       /* bytes in buf */
	char buf[SBUF];
	char *hdr;                     /* start of the message until the header's end is seen */
	int hlen, hdone;
	int64_t bodybytes, expect, sent;
	int seq, dkim, foreign;
	char out[2048];
	int olen;
	int64_t due;
	struct sconn *qnext;
};

static struct {
	int ep, n, distinct, dup, unknown, dkim, badlen, open, maxopen;
	int64_t conns, msgs, bytes, rcpts, first, last;
	int delay, deferred;
	const char *run;
	uint8_t *seen;
	uint32_t *lat;
	struct sconn *qh, *qt;
	int hold, nheld;
	struct sconn **held;           /* by descriptor: connections that wait for their greeting */
	FILE *sources;
} K;

static void s_close(struct sconn *c) {
	if (c->fd < 0) return;
	if (K.hold && c->fd < K.nheld && K.held[c->fd] == c) K.held[c->fd] = NULL;
	close(c->fd);
	c->fd = -1;
	K.open--;
	if (!c->queued) { free(c->hdr); free(c); }
}

static void s_write(struct sconn *c) {
	while (c->olen) {
		ssize_t w = send(c->fd, c->out, c->olen, MSG_NOSIGNAL);
		if (w < 0) {
			if (errno == EAGAIN) {
				struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
				epoll_ctl(K.ep, EPOLL_CTL_MOD, c->fd, &e);
				c->wantw = 1;
				return;
			}
			s_close(c);
			return;
		}
		c->olen -= (int)w;
		memmove(c->out, c->out + w, c->olen);
	}
	if (c->wantw) {
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
		epoll_ctl(K.ep, EPOLL_CTL_MOD, c->fd, &e);
		c->wantw = 0;
	}
	if (c->quit) s_close(c);
}

static void s_say(struct sconn *c, const char *t) {
	int n = (int)strlen(t);
	if (c->olen + n > (int)sizeof c->out) return;
	memcpy(c->out + c->olen, t, n);
	c->olen += n;
}

static void s_header(struct sconn *c) {
	c->hdone = 1;
	c->seq = -1; c->dkim = 0; c->foreign = 0; c->expect = -1;
	c->hdr[c->hlen] = 0;
	if (!strncasecmp(c->hdr, "DKIM-Signature:", 15) || strcasestr(c->hdr, "\nDKIM-Signature:")) c->dkim = 1;
	char *p = strcasestr(c->hdr, "\nX-Bench: ");
	if (!p && !strncasecmp(c->hdr, "X-Bench: ", 9)) p = c->hdr - 1;
	if (p) {
		char run[64];
		int seq;
		long long ns, bl;
		if (sscanf(p + 10, "%63s %d %lld %lld", run, &seq, &ns, &bl) == 4) {
			if (K.run && strcmp(run, K.run)) c->foreign = 1;
			c->seq = seq; c->sent = ns; c->expect = bl;
		}
	}
}

/* takes message bytes (without the final dot line) */
static void s_msgbytes(struct sconn *c, const char *p, int n) {
	K.bytes += n;
	if (c->hdone) { c->bodybytes += n; return; }
	int take = n;
	if (c->hlen + take > SHDR - 1) take = SHDR - 1 - c->hlen;
	int from = c->hlen > 3 ? c->hlen - 3 : 0;
	memcpy(c->hdr + c->hlen, p, take);
	c->hlen += take;
	char *e = memmem(c->hdr + from, c->hlen - from, "\r\n\r\n", 4);
	if (e) {
		int hl = (int)(e + 4 - c->hdr), rest = c->hlen - hl + (n - take);
		c->hlen = hl;
		s_header(c);
		c->bodybytes = rest;
	} else if (take < n) { s_header(c); c->bodybytes = n - take; }
}

static void s_end(struct sconn *c) {
	int64_t t = now_ns();
	if (!c->hdone) s_header(c);
	K.msgs++;
	c->msgs++;
	if (c->foreign || c->seq < 0 || c->seq >= K.n) K.unknown++;
	else {
		if (K.sources) fprintf(K.sources, "%d %s %s\n", c->seq, inet_ntoa(c->peer), c->ehlo);
		if (c->dkim) K.dkim++;
		if (c->expect >= 0 && c->expect != c->bodybytes) K.badlen++;
		if (K.seen[c->seq]) { K.dup++; if (K.seen[c->seq] < 255) K.seen[c->seq]++; }
		else {
			K.seen[c->seq] = 1;
			int64_t us = (t - c->sent) / 1000;
			K.lat[K.distinct++] = us < 0 ? 0 : us > 0xffffffffLL ? 0xffffffffu : (uint32_t)us;
			if (!K.first) K.first = t;
			K.last = t;
		}
	}
	s_say(c, "250 2.0.0 Ok: queued\r\n");
}

static void s_line(struct sconn *c, const char *p, int n) {
	if (n > 5 && (!strncasecmp(p, "EHLO ", 5) || !strncasecmp(p, "HELO ", 5))) {
		int l = n - 5;
		while (l > 0 && isspace((unsigned char)p[4 + l])) l--;
		if (l >= (int)sizeof c->ehlo) l = sizeof c->ehlo - 1;
		memcpy(c->ehlo, p + 5, l);
		c->ehlo[l] = 0;
	}
	if (n >= 4 && !strncasecmp(p, "EHLO", 4)) s_say(c, "250-sink.bench.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
	else if (n >= 4 && !strncasecmp(p, "HELO", 4)) s_say(c, "250 sink.bench.test\r\n");
	else if (n >= 4 && !strncasecmp(p, "MAIL", 4)) { c->refused = 0; s_say(c, "250 2.1.0 Ok\r\n"); }
	else if (n >= 4 && !strncasecmp(p, "RCPT", 4)) {
		K.rcpts++;
		if (accept_flag) s_say(c, "250 2.1.5 Ok\r\n");
		else { K.deferred++; c->refused = 1; s_say(c, "451 4.7.1 Come again later\r\n"); }
	}
	else if (n >= 4 && !strncasecmp(p, "DATA", 4) && c->refused) { c->refused = 0; s_say(c, "554 5.5.1 No valid recipients\r\n"); }
	else if (n >= 4 && !strncasecmp(p, "DATA", 4)) {
		s_say(c, "354 End data with <CR><LF>.<CR><LF>\r\n");
		c->data = 1; c->hdone = 0; c->hlen = 0; c->bodybytes = 0;
		if (!c->hdr) c->hdr = malloc(SHDR);
	} else if (n >= 4 && !strncasecmp(p, "RSET", 4)) s_say(c, "250 2.0.0 Ok\r\n");
	else if (n >= 4 && !strncasecmp(p, "NOOP", 4)) s_say(c, "250 2.0.0 Ok\r\n");
	else if (n >= 4 && !strncasecmp(p, "QUIT", 4)) { s_say(c, "221 2.0.0 Bye\r\n"); c->quit = 1; }
	else s_say(c, "502 5.5.2 Not recognized\r\n");
}

static void s_flush(struct sconn *c) {
	if (!c->olen) return;
	if (!K.delay) { s_write(c); return; }
	if (c->queued) return;
	c->queued = 1;
	c->due = now_ns() + (int64_t)K.delay * 1000000;
	c->qnext = NULL;
	if (K.qt) K.qt->qnext = c; else K.qh = c;
	K.qt = c;
}

static void s_input(struct sconn *c) {
	ssize_t r = recv(c->fd, c->buf + c->len, SBUF - c->len, 0);
	if (r < 0 && errno == EAGAIN) return;
	if (r <= 0) { s_close(c); return; }
	c->len += (int)r;
	char *p = c->buf, *end = c->buf + c->len;
	while (p < end) {
		if (c->data) {
			char *d = memmem(p, end - p, "\r\n.\r\n", 5);
			if (d) {
				s_msgbytes(c, p, (int)(d + 2 - p));
				p = d + 5;
				c->data = 0;
				s_end(c);
			} else {
				int keep = end - p > 4 ? 4 : (int)(end - p);
				int n = (int)(end - p) - keep;
				if (n > 0) s_msgbytes(c, p, n);
				p = end - keep;
				break;
			}
		} else {
			char *nl = memchr(p, '\n', end - p);
			if (!nl) break;
			s_line(c, p, (int)(nl - p));
			p = nl + 1;
			if (c->quit) break;
		}
	}
	c->len = (int)(end - p);
	memmove(c->buf, p, c->len);
	if (c->len == SBUF) { s_close(c); return; }
	s_flush(c);
}

static void s_listen(const char *spec) {
	char a[64];
	int port, lastoct = -1;
	if (sscanf(spec, "%63[0-9.]-%d:%d", a, &lastoct, &port) != 3) {
		lastoct = -1;
		if (sscanf(spec, "%63[0-9.]:%d", a, &port) != 2) die("bad listen address %s", spec);
	}
	struct in_addr ia;
	if (inet_pton(AF_INET, a, &ia) != 1) die("bad listen address %s", spec);
	uint32_t h = ntohl(ia.s_addr);
	need_loopback(h);
	int count = lastoct < 0 ? 1 : lastoct - (int)(h & 255) + 1;
	for (int i = 0; i < count; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(h + i)};
		if (bind(fd, (struct sockaddr *)&s, sizeof s) < 0) die("bind %s: %s", spec, strerror(errno));
		listen(fd, 4096);
		struct epoll_event e = {.events = EPOLLIN, .data.u64 = ((uint64_t)fd << 1) | 1};
		epoll_ctl(K.ep, EPOLL_CTL_ADD, fd, &e);
	}
}

static void s_greet(struct sconn *c) {
	s_say(c, "220 sink.bench.test ESMTP\r\n");
	s_flush(c);
}

/* a connection that is to wait for its greeting */
static void s_hold(struct sconn *c) {
	if (c->fd >= K.nheld) {
		int n = c->fd * 2 + 64;
		K.held = realloc(K.held, n * sizeof *K.held);
		memset(K.held + K.nheld, 0, (n - K.nheld) * sizeof *K.held);
		K.nheld = n;
	}
	K.held[c->fd] = c;
}

static void s_release(void) {
	for (int i = 0; i < K.nheld; i++) {
		struct sconn *c = K.held[i];
		K.held[i] = NULL;
		if (c) s_greet(c);
	}
	K.hold = 0;
}

static void s_status(const char *file) {
	char tmp[512];
	snprintf(tmp, sizeof tmp, "%s.new", file);
	FILE *f = fopen(tmp, "w");
	if (!f) die("%s: %s", tmp, strerror(errno));
	fprintf(f, "seen=%d dup=%d msgs=%lld deferred=%d unknown=%d open=%d first_ns=%lld last_ns=%lld\n", K.distinct, K.dup, (long long)K.msgs, K.deferred, K.unknown,
	        K.open, (long long)K.first, (long long)K.last);
	fclose(f);
	rename(tmp, file);
}

static void s_copies(const char *file) {
	FILE *f = fopen(file, "w");
	if (!f) die("%s: %s", file, strerror(errno));
	for (int i = 0; i < K.n; i++)
		if (K.seen[i]) fprintf(f, "%d %d\n", i, K.seen[i]);
	if (fclose(f)) die("%s: %s", file, strerror(errno));
}

static int do_sink(int ac, char **av) {
	int o, idle = 60, grace = 1000;
	const char *status = NULL, *copies = NULL;
	int64_t told = 0;
	const char *specs[16];
	int ns = 0;
	K.n = 1000;
	while ((o = getopt(ac, av, "l:n:r:d:t:g:o:e:S:4H")) != -1) switch (o) {
		case 'l': if (ns < 16) specs[ns++] = optarg; break;
		case 'n': K.n = atoi(optarg); break;
		case 'r': K.run = optarg; break;
		case 'd': K.delay = atoi(optarg); break;
		case 't': idle = atoi(optarg); break;
		case 'g': grace = atoi(optarg); break;
		case 'o': copies = optarg; break;
		case 'S': status = optarg; break;
		case 'e': if (!(K.sources = fopen(optarg, "w"))) die("%s: %s", optarg, strerror(errno)); break;
		case '4': accept_flag = 0; break;
		case 'H': accept_flag = 0; K.hold = 1; break;
		default: die("usage: see source");
	}
	struct sigaction sa = {.sa_handler = on_stop};
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	struct sigaction sb = {.sa_handler = on_accept};
	sigaction(SIGUSR1, &sb, NULL);
	K.seen = calloc(K.n + 1, 1);
	K.lat = calloc(K.n + 1, sizeof(uint32_t));
	K.ep = epoll_create1(0);
	more_files();
	for (int i = 0; i < ns; i++) s_listen(specs[i]);
	fprintf(stderr, "ready\n");
	struct epoll_event ev[256];
	int64_t act = now_ns(), full = 0;
	while (!stop_flag) {
		int wait = 100;
		if (K.qh) {
			int64_t d = (K.qh->due - now_ns()) / 1000000;
			wait = d < 0 ? 0 : d > 100 ? 100 : (int)d;
		}
		if (K.hold && accept_flag) s_release();
		int k = epoll_wait(K.ep, ev, 256, wait);
		if (k > 0) act = now_ns();
		for (int i = 0; i < k; i++) {
			if (ev[i].data.u64 & 1) {
				int lf = (int)(ev[i].data.u64 >> 1);
				for (int j = 0; j < 64; j++) {
					struct sockaddr_in peer = {0};
					socklen_t pl = sizeof peer;
					int fd = accept4(lf, (struct sockaddr *)&peer, &pl, SOCK_NONBLOCK);
					if (fd < 0) break;
					int one = 1;
					setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
					struct sconn *c = malloc(sizeof *c);
					memset(c, 0, offsetof(struct sconn, buf));
					c->hdr = NULL; c->hlen = c->hdone = 0; c->olen = 0; c->qnext = NULL; c->bodybytes = 0;
					c->fd = fd;
					c->peer = peer.sin_addr;
					K.conns++;
					if (++K.open > K.maxopen) K.maxopen = K.open;
					struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
					epoll_ctl(K.ep, EPOLL_CTL_ADD, fd, &e);
					if (K.hold) s_hold(c);
					else s_greet(c);
				}
				continue;
			}
			struct sconn *c = ev[i].data.ptr;
			if (ev[i].events & EPOLLOUT) { s_write(c); continue; }
			s_input(c);
		}
		int64_t t = now_ns();
		while (K.qh && K.qh->due <= t) {
			struct sconn *c = K.qh;
			K.qh = c->qnext;
			if (!K.qh) K.qt = NULL;
			c->queued = 0;
			if (c->fd < 0) { free(c->hdr); free(c); } else s_write(c);
		}
		if (status && t - told > 200000000LL) { s_status(status); told = t; }
		if (K.distinct >= K.n && !full) full = t;
		if (full && t - full > (int64_t)grace * 1000000) break;
		if (t - act > (int64_t)idle * 1000000000LL) break;
	}
	if (status) s_status(status);
	if (copies) s_copies(copies);
	if (K.sources && fclose(K.sources)) die("sources: %s", strerror(errno));
	qsort(K.lat, K.distinct, sizeof(uint32_t), cmp_u32);
	printf("seen=%d lost=%d dup=%d unknown=%d badlen=%d dkim=%d msgs=%lld bytes=%lld conns=%lld maxopen=%d first_ns=%lld last_ns=%lld "
	       "e2e_p50_ms=%.1f e2e_p95_ms=%.1f e2e_p99_ms=%.1f e2e_max_ms=%.1f sink_cpu=%.2f\n",
	       K.distinct, K.n - K.distinct, K.dup, K.unknown, K.badlen, K.dkim, (long long)K.msgs, (long long)K.bytes, (long long)K.conns,
	       K.maxopen, (long long)K.first, (long long)K.last, pct(K.lat, K.distinct, .5), pct(K.lat, K.distinct, .95),
	       pct(K.lat, K.distinct, .99), pct(K.lat, K.distinct, 1), cpu_s(RUSAGE_SELF));
	return 0;
}

/* ------------------------------------------------------------------- dns */

static int d_name(uint8_t *p, const char *name) {         /* writes a name, returns its length on the wire */
	int n = 0;
	while (*name) {
		int l = (int)strcspn(name, ".");
		p[n++] = (uint8_t)l;
		memcpy(p + n, name, l);
		n += l;
		name += l;
		if (*name == '.') name++;
	}
	p[n++] = 0;
	return n;
}

static int d_record(uint8_t *p, const char *owner, int type, const uint8_t *data, int len) {
	int n = d_name(p, owner);
	uint8_t fixed[] = {0, (uint8_t)type, 0, 1, 0, 0, 14, 16, (uint8_t)(len >> 8), (uint8_t)len};  /* IN, an hour */
	memcpy(p + n, fixed, sizeof fixed);
	memcpy(p + n + sizeof fixed, data, len);
	return n + (int)sizeof fixed + len;
}

/* answers one query in place; returns the answer's length, 0 for none. The buffer holds 1024 bytes. */
static int d_answer(uint8_t *q, int len, uint32_t first, int hosts) {
	char name[256] = "";
	int p = 12, nl = 0, index, extra = 0;
	if (len < 17 || (q[2] & 0x80) || q[4] || q[5] != 1) return 0;
	while (p < len && q[p]) {
		int l = q[p++];
		if (l > 63 || p + l >= len || nl + l + 2 > (int)sizeof name) return 0;
		if (nl) name[nl++] = '.';
		for (int i = 0; i < l; i++) name[nl++] = (char)tolower(q[p + i]);
		p += l;
	}
	name[nl] = 0;
	if (p + 5 > len) return 0;
	int type = q[p + 1] << 8 | q[p + 2], end = p + 5, found = 0, answers = 0;
	uint8_t data[256];
	char host[64];
	if (sscanf(name, "d%d.bench.test%n", &index, &extra) == 1 && extra && !name[extra] && index >= 0) {
		found = 1;
		if (type == 15) {
			int h = index % hosts + 1;
			snprintf(host, sizeof host, "mx%d.bench.test", h);
			data[0] = 0;
			data[1] = 10;
			end += d_record(q + end, name, 15, data, 2 + d_name(data + 2, host));
			uint32_t a = htonl(first + (uint32_t)h - 1);
			end += d_record(q + end, host, 1, (uint8_t *)&a, 4);
			answers = 1;
		}
	} else if (sscanf(name, "mx%d.bench.test%n", &index, &extra) == 1 && extra && !name[extra] && index >= 1 && index <= hosts) {
		found = 1;
		if (type == 1) {
			uint32_t a = htonl(first + (uint32_t)index - 1);
			end += d_record(q + end, name, 1, (uint8_t *)&a, 4);
			answers = 1;
		}
	}
	q[2] = 0x84 | (q[2] & 1);
	q[3] = 0x80 | (found ? 0 : 3);
	q[6] = 0; q[7] = (uint8_t)answers;
	q[8] = q[9] = q[10] = 0;
	q[11] = answers && type == 15;
	return end;
}

static int do_dns(int ac, char **av) {
	char at[64] = "";
	int port = 53, hosts = 64, o;
	struct in_addr ia, first = {0};
	while ((o = getopt(ac, av, "l:m:c:")) != -1) switch (o) {
		case 'l': if (sscanf(optarg, "%63[0-9.]:%d", at, &port) < 1) die("bad address %s", optarg); break;
		case 'm': if (inet_pton(AF_INET, optarg, &first) != 1) die("bad address %s", optarg); break;
		case 'c': hosts = atoi(optarg); break;
		default: die("usage: see source");
	}
	if (inet_pton(AF_INET, at, &ia) != 1) die("bad address %s", at);
	need_loopback(ntohl(ia.s_addr));
	need_loopback(ntohl(first.s_addr));
	struct sigaction sa = {.sa_handler = on_stop};
	sigaction(SIGTERM, &sa, NULL);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = ia}, from;
	if (bind(fd, (struct sockaddr *)&s, sizeof s) < 0) die("bind %s:%d: %s", at, port, strerror(errno));
	fprintf(stderr, "ready\n");
	uint8_t q[1024];
	long long n = 0;
	while (!stop_flag) {
		socklen_t fl = sizeof from;
		ssize_t r = recvfrom(fd, q, 512, 0, (struct sockaddr *)&from, &fl);
		int a = r < 0 ? 0 : d_answer(q, (int)r, ntohl(first.s_addr), hosts);
		if (a > 0 && sendto(fd, q, a, 0, (struct sockaddr *)&from, fl) == a) n++;
	}
	printf("answers=%lld\n", n);
	return 0;
}

/* ------------------------------------------------------------------ tree */

struct proc { int pid, parent, in; long long ticks; };

static int t_read(const char *dir, const char *file, char *to, int size) {
	char path[300];
	snprintf(path, sizeof path, "/proc/%s/%s", dir, file);
	int fd = open(path, O_RDONLY);
	if (fd < 0) return 0;
	ssize_t r = read(fd, to, size - 1);
	close(fd);
	to[r > 0 ? r : 0] = 0;
	return r > 0;
}

/* the process and its descendants: ticks used, KiB of anonymous memory */
static void t_look(int root, long long *ticks, long long *anon) {
	static struct proc all[32768];
	int n = 0, grown = 1;
	char text[4096], pid[16];
	DIR *d = opendir("/proc");
	struct dirent *e;
	while (d && (e = readdir(d)) && n < 32768) {
		if (!isdigit((unsigned char)e->d_name[0]) || !t_read(e->d_name, "stat", text, sizeof text)) continue;
		char *p = strrchr(text, ')');
		long long u, s, cu, cs;
		if (!p || sscanf(p + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld", &all[n].parent, &u, &s, &cu, &cs) != 5)
			continue;
		all[n].pid = atoi(e->d_name);
		all[n].in = all[n].pid == root;
		all[n++].ticks = u + s + cu + cs;
	}
	if (d) closedir(d);
	while (grown) {
		grown = 0;
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n && !all[i].in; j++)
				if (all[j].in && all[j].pid == all[i].parent) all[i].in = grown = 1;
	}
	*ticks = *anon = 0;
	for (int i = 0; i < n; i++) if (all[i].in) {
		*ticks += all[i].ticks;
		snprintf(pid, sizeof pid, "%d", all[i].pid);
		char *a = t_read(pid, "status", text, sizeof text) ? strstr(text, "\nRssAnon:") : NULL;
		if (a) *anon += atoll(a + 9);
	}
}

static int do_tree(int ac, char **av) {
	int root = 0, ms = 0, o;
	while ((o = getopt(ac, av, "p:i:")) != -1) switch (o) {
		case 'p': root = atoi(optarg); break;
		case 'i': ms = atoi(optarg); break;
		default: die("usage: see source");
	}
	struct sigaction sa = {.sa_handler = on_stop};
	sigaction(SIGTERM, &sa, NULL);
	long long ticks, anon, peak = 0;
	for (;;) {
		t_look(root, &ticks, &anon);
		if (anon > peak) peak = anon;
		if (!ms || stop_flag) break;
		usleep(ms * 1000);
	}
	printf("cpu_us=%lld peak_kib=%lld\n", ticks * (1000000 / sysconf(_SC_CLK_TCK)), peak);
	return 0;
}

/* ----------------------------------------------------------------- fsync */

static int do_fsync(int ac, char **av) {
	const char *dir = ".", *mode = "file";
	int w = 1, b = 2048, secs = 3, o;
	while ((o = getopt(ac, av, "d:w:b:t:m:")) != -1) switch (o) {
		case 'd': dir = optarg; break;
		case 'w': w = atoi(optarg); break;
		case 'b': b = atoi(optarg); break;
		case 't': secs = atoi(optarg); break;
		case 'm': mode = optarg; break;
		default: die("usage: see source");
	}
	int64_t *cnt = mmap(NULL, sizeof(int64_t) * w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *buf = malloc(b);
	memset(buf, 'x', b);
	int64_t t0 = now_ns(), end = t0 + (int64_t)secs * 1000000000LL;
	for (int i = 0; i < w; i++) {
		if (fork() == 0) {
			char p[512], q[600];
			snprintf(p, sizeof p, "%s/fs.%d.%d", dir, (int)getpid(), i);
			int fd = -1;
			if (!strcmp(mode, "append") && (fd = open(p, O_CREAT | O_WRONLY | O_APPEND, 0600)) < 0) die("open: %s", strerror(errno));
			while (now_ns() < end) {
				if (fd >= 0) { if (write(fd, buf, b) != b || fdatasync(fd)) die("write: %s", strerror(errno)); }
				else {       /* what a mail queue does: create, write, fsync, rename, later unlink */
					int f = open(p, O_CREAT | O_EXCL | O_WRONLY, 0600);
					if (f < 0 || write(f, buf, b) != b || fsync(f) || close(f)) die("file: %s", strerror(errno));
					snprintf(q, sizeof q, "%s.q", p);
					rename(p, q);
					unlink(q);
				}
				cnt[i]++;
			}
			unlink(p);
			_exit(0);
		}
	}
	while (wait(NULL) > 0) ;
	double s = (now_ns() - t0) / 1e9;
	int64_t n = 0;
	for (int i = 0; i < w; i++) n += cnt[i];
	printf("mode=%s writers=%d bytes=%d ops=%lld rate=%.0f per_op_ms=%.3f\n", mode, w, b, (long long)n, n / s, n ? s * 1000 * w / n : 0);
	return 0;
}

int main(int ac, char **av) {
	if (ac < 2) die("usage: bt load|sink|dns|tree|fsync ...");
	if (!strcmp(av[1], "load")) return do_load(ac - 1, av + 1);
	if (!strcmp(av[1], "sink")) return do_sink(ac - 1, av + 1);
	if (!strcmp(av[1], "dns")) return do_dns(ac - 1, av + 1);
	if (!strcmp(av[1], "tree")) return do_tree(ac - 1, av + 1);
	if (!strcmp(av[1], "fsync")) return do_fsync(ac - 1, av + 1);
	die("unknown subcommand");
	return 2;
}
