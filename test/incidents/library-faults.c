/*
 * Faults of a disk and a clock for a server that has no levers of its own: loaded in front of the C library (LD_PRELOAD), it
 * goes by the file `faults` in the process's working directory: three numbers, the delay of an fsync in milliseconds, the
 * skew of the wall clock in milliseconds, and 1 when files below a folder `version-2` can be written no more.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 100000000L

static int (*next_clock_gettime)(clockid_t, struct timespec *);
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite64)(int, const void *, size_t, off64_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);

static volatile long fsync_delay_ms, clock_skew_ms, is_full;
static volatile long long looked_ns;

__attribute__((constructor)) static void find_next(void) {
  next_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  next_write = dlsym(RTLD_NEXT, "write");
  next_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  next_fsync = dlsym(RTLD_NEXT, "fsync");
  next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
}

static void look(void) {
  struct timespec now;
  next_clock_gettime(CLOCK_MONOTONIC, &now);
  long long now_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
  if (now_ns - looked_ns < LOOK_NS) return;
  looked_ns = now_ns;
  int file = open("faults", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char text[100];
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return;
  text[length] = 0;
  char *at = text;
  fsync_delay_ms = strtol(at, &at, 10);
  clock_skew_ms = strtol(at, &at, 10);
  is_full = strtol(at, &at, 10);
}

static void delay_sync(void) {
  look();
  if (fsync_delay_ms > 0) usleep((useconds_t)fsync_delay_ms * 1000);
}

static int is_refused(int file) {
  look();
  if (!is_full) return 0;
  char link[40], path[1024];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (strstr(path, "/version-2/") == NULL) return 0;
  errno = ENOSPC;
  return 1;
}

int fsync(int file) {
  delay_sync();
  return next_fsync(file);
}

int fdatasync(int file) {
  delay_sync();
  return next_fdatasync(file);
}

ssize_t write(int file, const void *bytes, size_t length) {
  return is_refused(file) ? -1 : next_write(file, bytes, length);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
  return is_refused(file) ? -1 : next_pwrite64(file, bytes, length, offset);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (next_clock_gettime == NULL) find_next();
  int result = next_clock_gettime(clock, time);
  if (clock != CLOCK_REALTIME || result != 0) return result;
  look();
  time->tv_sec += clock_skew_ms / 1000;
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}
