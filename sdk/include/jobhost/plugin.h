/*
 * jobhost/plugin.h - the border between jobhost and a plugin, whole, in C.
 *
 * LEVEL 1, DRAFT. Names and slots may still change until level 1 is frozen; then never again.
 *
 * A plugin is a shared library that exports ONE function, jobhost_plugin_v1(), which returns a
 * static description of itself: who it is, and which runners (job types) it brings. Everything else
 * goes through tables of function pointers: the plugin imports no symbol of the host, and the host
 * looks up no other symbol of the plugin.
 *
 * Usable from C11, from C++11 and later, and by binding generators. 64-bit targets only.
 * Authors who write C++17 will find <jobhost/plugin.hpp> shorter.
 *
 * What the host of this version calls
 *
 *   Ready: runners with validate, run, start and complete; cancellation, progress, output, result,
 *   typed arguments, log, fail; init, quiesce, deinit.
 *
 *   Not called yet: handlers (jh_handler, jh_event) and schedules (jh_schedule). They have their
 *   place in the description so that it need not grow for them; the host checks and lists them, and
 *   calls none. The host's get_extension knows no id yet and answers NULL; the plugin's
 *   get_extension is not asked.
 *
 *   Taken, but without an effect yet: JH_RUNNER_NO_ACTIONS, JH_RUNNER_NO_STATUS and
 *   JH_RUNNER_NO_RUN_LOG. JH_PARAM_HIDDEN and JH_PARAM_DEPRECATED are listed with the parameter and
 *   change nothing else: there is no warning yet. A secret is accepted as a reference only, and not
 *   looked up yet. In jh_run_info the flags, tenant, traceparent, parent_id, nominal_ms and
 *   previous_nominal_ms are not filled in yet: 0 or empty.
 *
 * Threads. Every function below has one of these tags:
 *
 *   [loader]  one call at a time per plugin, and no other call into this plugin meanwhile.
 *   [worker]  any thread of the host, several at once for different contexts, never two at once for
 *             the same one.
 *   [any]     any thread, of the host or of the plugin's own, from init until quiesce has returned.
 *   [cancel]  a thread of the host that delivers a cancellation: be short, do not block.
 *
 *   A thread of the host has at least 1 MiB of stack and all asynchronous signals blocked. The
 *   process is shared: do not change signal masks or dispositions, the locale, the working
 *   directory, the umask or the environment. Threads that the plugin starts are joined when quiesce
 *   returns.
 *
 * Memory. Nothing that one side allocated is ever freed by the other.
 *
 *   thing                       owner    valid
 *   arguments of any call       caller   during the call; the receiver copies
 *   description, ids, texts     plugin   static, never changed
 *   jh_host and its tables      host     until deinit has returned
 *   self                        plugin   from init to deinit
 *   jh_run_info                 host     until run or start has returned
 *   texts of arg_str, arg_json  host     until the context ends
 *   user data of on_cancel      plugin   until off_cancel has returned or the context has ended
 *
 * Contexts. A jh_ctx stands for one attempt (or one init, one validate). It is a number and not a
 * pointer; the host checks it at each use. It ends when run has returned, when start has returned
 * anything but JH_PENDING, or when complete has returned JH_OK; nothing else ends it, for while the
 * plugin may still be at work the job must not be given to anybody else. A call with a context that
 * has ended answers JH_E_STATE, changes nothing, and is logged with the name of the plugin.
 *
 * Errors. A failure is told by fail() with a category, then by returning JH_FAILED. No exception,
 * no panic and no longjmp may cross this border in either direction.
 *
 * Rules of the layout
 *
 *   L1  Every struct except jh_str begins with struct_size, set by whoever produces the memory.
 *   L2  Read a field of the other side with JH_HAS, call a slot with JH_CAN: it may be the older.
 *   L3  Memory for answers belongs to the caller; the callee writes what fits.
 *   L4  Structs grow at the end only. Nothing is moved, retyped, reused or taken away.
 *   L5  No padding that is not spelt out; sizes are multiples of 8; reserved fields are written 0.
 *   L6  No growing struct lies inside another, no arrays of them: arrays of pointers.
 *   L7  Fixed-width integers, size_t, double behind a pointer, pointers, jh_str; nothing else.
 *   L8  jh_str is frozen for ever: UTF-8 with a length, no NUL needed. Ids are NUL-terminated ASCII
 *       of [a-z0-9._/-], 1 to 127 bytes, static.
 *   L9  Flags: an unknown bit of 0-15 is ignored, an unknown bit of 16-31 makes the host refuse.
 *   L10 Unknown numbers: a category counts as application, a parameter type as json, an event kind
 *       is not delivered.
 *   L11 JH_CALL stands on every function pointer.
 *   L12 The constants below are part of the contract as much as the structs.
 */
#ifndef JOBHOST_PLUGIN_H
#define JOBHOST_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define JH_CALL __cdecl
#define JH_EXPORT __declspec(dllexport)
#else
#define JH_CALL
#define JH_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define JH_STRUCT_SIZE(type) (static_cast<uint32_t>(sizeof(type)))
extern "C" {
#else
/* What belongs into struct_size of a struct that you produce. */
#define JH_STRUCT_SIZE(type) ((uint32_t)sizeof(type))
#endif

/* The level this header describes. It grows by one with each release that adds something. */
#define JH_API_LEVEL 1u

/* The level whose behaviour you want; define it before the include to stay with an older one. */
#ifndef JH_TARGET_LEVEL
#define JH_TARGET_LEVEL JH_API_LEVEL
#endif

typedef char jh_64bit_only[sizeof(void*) == 8 ? 1 : -1];

/* Does the producer's struct reach past this field? `p` is evaluated more than once. */
#define JH_HAS(p, type, field) \
    ((p) != NULL && (p)->struct_size >= offsetof(type, field) + sizeof((p)->field))

/* May this slot be called? A null slot inside the size means "deliberately not provided". */
#define JH_CAN(p, type, slot) (JH_HAS(p, type, slot) && (p)->slot != NULL)

/* ---------------------------------------------------------------------------------------------
 * Texts
 * ------------------------------------------------------------------------------------------ */

/* Borrowed UTF-8. {NULL, 0} is the empty text. Never rely on a NUL behind it. Frozen for ever. */
typedef struct jh_str {
    const char* ptr;
    size_t len;
} jh_str;

/* A jh_str out of a string literal, for initialisers: `.display_name = JH_TEXT("Sleep")`. */
#define JH_TEXT(literal) \
    { ("" literal), sizeof(literal) - 1 }

/* A jh_str that borrows a NUL-terminated text, for calls. NULL gives the empty text. */
static inline jh_str jh_str_of(const char* text) {
    jh_str borrowed;
    borrowed.ptr = text;
    borrowed.len = text != NULL ? strlen(text) : 0;
    return borrowed;
}

/* ---------------------------------------------------------------------------------------------
 * Contexts and return codes
 * ------------------------------------------------------------------------------------------ */

/* See "Contexts" above. 0 is never a valid context. */
typedef uint64_t jh_ctx;

/* Not negative: an outcome. Negative: the call was wrong, or the host could not do it. */
typedef int32_t jh_rc;

/* Done. */
#define JH_OK 0
/* Failed; fail() was called before. Without a fail() the host records the failure as category
   application, type "unspecified", and logs the plugin as misbehaving. */
#define JH_FAILED 1
/* Stopped because a cancellation was asked for. When none was asked for, it counts as JH_FAILED
   without a reason. */
#define JH_CANCELLED 2
/* Only from start(): complete() will follow, or has come already. */
#define JH_PENDING 3
/* Only from a handler of JH_EVENT_BEFORE_RUN: do not run this attempt. The reason is the message of
   a fail() before it. A runner that has nothing to do returns JH_OK. */
#define JH_SKIP 4
/* Not now: try again later without using up a try. The delay is retry_after_ms of a fail() before
   it, whose message is kept as the reason; without one the host takes the delay of a retry. */
#define JH_SNOOZE 5

/* An argument of the call is wrong: a null pointer, no valid JSON, a value of another type. */
#define JH_E_INVALID (-1)
/* The context has ended, or it is not of a kind that this function serves. */
#define JH_E_STATE (-2)
/* The host does not offer this. */
#define JH_E_UNSUPPORTED (-3)
/* Another host owns the job by now: stop, and cause nothing more. What you still write is refused.
 */
#define JH_E_LOST (-4)
/* Too much, or too fast; nothing was taken. */
#define JH_E_LIMIT (-5)
/* The argument was not given and has no default. */
#define JH_E_ABSENT (-6)

/* ---------------------------------------------------------------------------------------------
 * Errors
 * ------------------------------------------------------------------------------------------ */

/* Whose fault is it? The category decides what the host does when neither flag below is set. */
#define JH_CATEGORY_BUSINESS 1u /* the input, or a rule of the business: trying again is no use */
#define JH_CATEGORY_APPLICATION 2u /* a mistake in the program: retried by the job's policy */
#define JH_CATEGORY_NETWORK 3u     /* a peer or the way to it: retried by the job's policy */
#define JH_CATEGORY_SYSTEM 4u      /* this machine: memory, disk, a missing program: retried */

#define JH_ERROR_RETRYABLE 1u /* another try may succeed, whatever the category */
#define JH_ERROR_PERMANENT 2u /* another try cannot succeed; wins when both are set */

/* plugin -> host, copied inside fail(). */
typedef struct jh_error {
    uint32_t struct_size;
    uint32_t flags;    /* JH_ERROR_* */
    uint32_t category; /* JH_CATEGORY_*; any other number counts as application */
    uint32_t code;     /* a number of your own (exit code, HTTP status), for people; 0 = none */
    uint64_t retry_after_ms; /* not before this long from now; 0 = the host decides */
    jh_str type;             /* stable dotted id, "http.status": people count and filter by it */
    jh_str message;          /* one sentence for the person who will read it. Never a secret. */
    jh_str details_json;     /* more, as one JSON document; may be empty */
} jh_error;

/* ---------------------------------------------------------------------------------------------
 * Parameters: data from which the host checks arguments before a job is stored, and draws forms
 * ------------------------------------------------------------------------------------------ */

#define JH_PARAM_STRING 1u   /* one line of text */
#define JH_PARAM_TEXT 2u     /* several lines of text */
#define JH_PARAM_INT 3u      /* a whole number in the range of int64_t */
#define JH_PARAM_NUMBER 4u   /* a number */
#define JH_PARAM_BOOL 5u     /* true or false */
#define JH_PARAM_ENUM 6u     /* one of the texts in "enum" of schema_json */
#define JH_PARAM_DATETIME 7u /* RFC 3339 text */
#define JH_PARAM_DURATION 8u /* seconds, as a number */
#define JH_PARAM_JSON 9u     /* any JSON value; what an unknown type counts as */
#define JH_PARAM_FILE 10u    /* path of a file on the node that runs the job, as text */

#define JH_PARAM_REQUIRED 1u    /* a job without it is refused */
#define JH_PARAM_SECRET 2u      /* given by reference, never stored or shown in clear; no default */
#define JH_PARAM_REPEATED 4u    /* an array of values of the type */
#define JH_PARAM_HIDDEN 8u      /* not offered in forms */
#define JH_PARAM_DEPRECATED 16u /* accepted, and shown as such; no warning yet */

/* One argument that a runner or handler takes. Static data of the plugin. */
typedef struct jh_param {
    uint32_t struct_size;
    uint32_t flags; /* JH_PARAM_REQUIRED ... */
    /* Key in the arguments, of [a-z0-9_.-], 1 to 127 bytes. Never give an old name a new meaning:
       jobs that use it are stored. */
    const char* name;
    jh_str display_name; /* what a form shows; empty = name */
    jh_str description;  /* one or two sentences */
    uint32_t type;       /* JH_PARAM_STRING ... */
    uint32_t reserved0;
    jh_str default_json; /* a JSON value used when the argument is missing; empty = no default */
    /* A JSON object that narrows the value: minimum, maximum, minLength, maxLength, pattern, enum;
       empty = nothing more. */
    jh_str schema_json;
} jh_param;

/* ---------------------------------------------------------------------------------------------
 * What an attempt is told
 * ------------------------------------------------------------------------------------------ */

#define JH_RUN_CATCH_UP 1u /* an occurrence that was missed and is run late */
#define JH_RUN_BACKFILL 2u /* an occurrence of a past range that somebody asked for */
#define JH_RUN_MANUAL 4u   /* somebody triggered it by hand */

/* host -> plugin, read-only, valid until run or start has returned. Instants are milliseconds since
 * 1970 UTC. */
typedef struct jh_run_info {
    uint32_t struct_size;
    uint32_t attempt;      /* 1 for the first try */
    uint32_t max_attempts; /* 0 = unlimited */
    uint32_t flags;        /* JH_RUN_* */
    uint64_t token;  /* grows with every attempt: a fence for systems that refuse older writers */
    jh_str job_id;   /* UUID as text; the same for all attempts: an idempotency key */
    jh_str job_name; /* may be empty */
    jh_str group;
    jh_str tenant;
    jh_str runner_id;   /* the runner that is asked; several may share one function */
    jh_str args_json;   /* one JSON object, checked against the parameters, defaults filled in */
    jh_str traceparent; /* W3C trace context; may be empty */
    jh_str node;        /* name of the node that runs this attempt */
    jh_str parent_id;   /* the job this one came from (a schedule, a cause); may be empty */
    jh_str source;      /* who wanted the job: "user" or "system"; more may come */
    int64_t enqueued_at_ms;
    int64_t deadline_ms; /* the attempt is cancelled then; 0 = none */
    int64_t nominal_ms;  /* the instant an occurrence was planned for; 0 = not an occurrence */
    int64_t previous_nominal_ms; /* the occurrence before it; 0 = none */
} jh_run_info;

/* ---------------------------------------------------------------------------------------------
 * What an attempt may call. Ready.
 * ------------------------------------------------------------------------------------------ */

/* Why an attempt should stop. */
#define JH_CANCEL_NONE 0
#define JH_CANCEL_USER 1       /* somebody cancelled or stopped the job */
#define JH_CANCEL_DEADLINE 2   /* the attempt has used up its time */
#define JH_CANCEL_DRAIN 3      /* the host is going down; the try is given back */
#define JH_CANCEL_LEASE_LOST 4 /* another host may own the job by now: stop at once */

#define JH_STREAM_STDOUT 1u
#define JH_STREAM_STDERR 2u

/* For progress(): something moves, nobody knows how far. */
#define JH_PROGRESS_UNKNOWN 0xffffffffu

/*
 * The first argument is always the jh_host that init was given. Every function answers JH_E_STATE
 * for a context that has ended or is not of an attempt (the arg_* functions serve validate, too),
 * and JH_E_INVALID for a null pointer where one is needed.
 */
struct jh_host;
typedef struct jh_run_api {
    uint32_t struct_size;
    uint32_t reserved0;

    /* [any] JH_CANCEL_*, without waiting and without a lock: call it in a loop as you like. */
    jh_rc(JH_CALL* cancel_reason)(const struct jh_host* host, jh_ctx ctx);

    /* Waits until a cancellation is asked for, at most `ms`. JH_CANCEL_*; JH_CANCEL_NONE = the time
       is over. [any], but it blocks: not from start() and not from a cancel callback. */
    jh_rc(JH_CALL* wait_cancelled)(const struct jh_host* host, jh_ctx ctx, uint32_t ms);

    /* [any] Calls `callback(user_data)` once when a cancellation is asked for: [cancel]. If it has
       been asked for already, the callback runs on this thread before on_cancel returns. One
       callback per context: a second one is JH_E_STATE. When a context has ended its callback is
       not running and never will be: the return of run, and complete on another thread, wait for
       it. So hold no lock there that the callback takes. Inside the callback complete is allowed,
       and does not wait. */
    jh_rc(JH_CALL* on_cancel)(const struct jh_host* host,
                              jh_ctx ctx,
                              void(JH_CALL* callback)(void* user_data),
                              void* user_data);

    /* [any] Takes the callback back, and returns when it is not running and never will be. Calling
       it from inside the callback is JH_E_STATE. JH_OK also when there was none. */
    jh_rc(JH_CALL* off_cancel)(const struct jh_host* host, jh_ctx ctx);

    /* [any] How far, in ten thousandths (0 to 10000) or JH_PROGRESS_UNKNOWN, and a few words on
       what is going on. It may go back. Only the latest is kept; call it as often as you like. More
       than 10000 is JH_E_INVALID; a note of more than 256 bytes is cut. */
    jh_rc(JH_CALL* progress)(const struct jh_host* host,
                             jh_ctx ctx,
                             uint32_t permyriad,
                             jh_str note);

    /* [any] Appends bytes to the output of the attempt; `stream` is JH_STREAM_*. The host keeps the
       beginning and the end and counts what falls out between them, so the answer is JH_OK for any
       amount. Bytes need not be UTF-8. Another stream is JH_E_INVALID. */
    jh_rc(JH_CALL* output)(const struct jh_host* host,
                           jh_ctx ctx,
                           uint32_t stream,
                           const void* bytes,
                           size_t len);

    /* [any] The result of the job, one JSON document. The last call wins. No valid JSON is
       JH_E_INVALID, more than 64 KiB is JH_E_LIMIT; the result set before then stays. */
    jh_rc(JH_CALL* set_result)(const struct jh_host* host, jh_ctx ctx, jh_str json);

    /* [any] One argument by name, its default filled in. JH_E_ABSENT when it was not given and has
       no default (null counts as not given), JH_E_INVALID when it is of another type; `*out` is
       written only with JH_OK, so it may hold your own default before the call. */
    jh_rc(JH_CALL* arg_i64)(const struct jh_host* host, jh_ctx ctx, const char* name, int64_t* out);

    /* [any] Takes whole numbers, too. */
    jh_rc(JH_CALL* arg_f64)(const struct jh_host* host, jh_ctx ctx, const char* name, double* out);

    /* [any] 0 or 1. */
    jh_rc(JH_CALL* arg_bool)(const struct jh_host* host,
                             jh_ctx ctx,
                             const char* name,
                             int32_t* out);

    /* [any] The text of a JSON string, escapes resolved. It may hold NULs. Borrowed until the
       context ends. The only way to the value of a secret parameter: JH_E_UNSUPPORTED when the host
       cannot look it up. */
    jh_rc(JH_CALL* arg_str)(const struct jh_host* host, jh_ctx ctx, const char* name, jh_str* out);

    /* [any] Any argument as JSON text, for arrays and objects. Borrowed until the context ends. */
    jh_rc(JH_CALL* arg_json)(const struct jh_host* host, jh_ctx ctx, const char* name, jh_str* out);

    /* [any] Ends an attempt that start() began: JH_OK, JH_FAILED, JH_CANCELLED or JH_SNOOZE, after
       fail() where that is needed. Exactly once; it may come before start has returned. When it
       returns JH_OK the context and all that was borrowed for it have ended. A second one, or one
       after the host gave the attempt up, is JH_E_STATE and changes nothing. For an attempt that
       run() serves it is JH_E_STATE. Another outcome is JH_E_INVALID, and the attempt goes on. */
    jh_rc(JH_CALL* complete)(const struct jh_host* host, jh_ctx ctx, jh_rc outcome);
} jh_run_api;

/* ---------------------------------------------------------------------------------------------
 * The host
 * ------------------------------------------------------------------------------------------ */

#define JH_LOG_TRACE 0
#define JH_LOG_DEBUG 1
#define JH_LOG_INFO 2
#define JH_LOG_WARN 3
#define JH_LOG_ERROR 4

/* host -> plugin, valid until deinit has returned. Keep the pointer in `self`. The same file may be
   loaded twice with different hosts: a global variable would mix them up. */
typedef struct jh_host {
    uint32_t struct_size;
    uint32_t api_level; /* for messages; ask for a feature by JH_CAN and get_extension */
    jh_str name;        /* "jobhost" */
    jh_str version;     /* "1.2.3" */
    void* impl;         /* the host's own; leave it alone */

    /* [any] A table of further services, "jobhost.<name>/<revision>", or NULL when this host does
       not have it or does not grant it. The host of this version has none. */
    const void*(JH_CALL* get_extension)(const struct jh_host* host, const char* id);

    /* [any] One line in the host's log, under the name of the plugin; `ctx` adds the job, 0 = no
       job. An unknown level counts as info. `fields_json` is a JSON object or empty. Too many lines
       in a short time are counted instead of written. */
    void(JH_CALL* log)(const struct jh_host* host,
                       jh_ctx ctx,
                       int32_t level,
                       jh_str text,
                       jh_str fields_json);

    /* [any] The reason of the failure that you are about to return, for attempts, init and
       validate. The first one of a context wins; later ones are logged. It does not end anything by
       itself: after JH_OK the reason is forgotten. */
    void(JH_CALL* fail)(const struct jh_host* host, jh_ctx ctx, const jh_error* error);

    /* What an attempt may call. */
    const jh_run_api* run;
} jh_host;

/* ---------------------------------------------------------------------------------------------
 * Runners: job types. Ready.
 * ------------------------------------------------------------------------------------------ */

/* Without an effect yet. What they will mean: */
#define JH_RUNNER_NO_ACTIONS 1u /* its jobs trigger no actions: they are somebody's action */
#define JH_RUNNER_NO_STATUS 2u  /* its jobs are not counted in the status overview */
#define JH_RUNNER_NO_RUN_LOG 4u /* attempts that succeed leave no entry in the run log */

/* A job type. Static data of the plugin. It has run or start; with both the host calls start. */
typedef struct jh_runner {
    uint32_t struct_size;
    uint32_t flags;      /* JH_RUNNER_* */
    const char* id;      /* "vendor.name", unique among all plugins of a host */
    jh_str display_name; /* empty = id */
    jh_str description;
    const jh_param* const* params;
    uint32_t param_count;
    uint32_t max_concurrency; /* attempts at once on one node; 0 = the host decides */
    /* Delay before the second try, for types where the default of 50 ms is absurd (mail: 10 s);
       0 = the host decides. */
    uint64_t retry_base_ms;

    /* [worker] Optional. Judges arguments beyond what the parameters say: JH_OK, or JH_FAILED after
       fail(). Pure: the same answer each time, no effect, within 250 ms. `ctx` is good for the
       arg_* functions, log and fail. */
    jh_rc(JH_CALL* validate)(void* self, jh_ctx ctx, jh_str args_json);

    /* [worker] Does the work and returns the outcome: JH_OK, JH_FAILED, JH_CANCELLED or JH_SNOOZE.
       It may block, and occupies one of the host's work threads meanwhile. Anything else
       (JH_PENDING, a number of your own) is a failure in category application, type "bad-outcome",
       and is logged as misbehaving. */
    jh_rc(JH_CALL* run)(void* self, jh_ctx ctx, const jh_run_info* info);

    /* [worker] Begins the work and returns JH_PENDING; exactly one complete() follows from any
       thread, or has come before. A waiting attempt costs the host a record and no thread. It must
       not block: 5 ms are fine. Another return value is the outcome, then and there, and no
       complete() may follow; when a complete() came before it, that one stands. Take the arguments
       and copy what you need of them and of `info` before returning. */
    jh_rc(JH_CALL* start)(void* self, jh_ctx ctx, const jh_run_info* info);
} jh_runner;

/* ---------------------------------------------------------------------------------------------
 * Event handlers. In the description, not called yet.
 * ------------------------------------------------------------------------------------------ */

#define JH_EVENT_BEFORE_RUN 1u /* an attempt is about to begin; may answer JH_SKIP or fail */
#define JH_EVENT_AFTER_RUN 2u  /* an attempt has ended */
#define JH_EVENT_ENQUEUED 3u   /* a job was accepted */
#define JH_EVENT_RETRY 4u      /* an attempt failed and another will follow */
#define JH_EVENT_ABANDONED 5u  /* a job has used up its tries */

/* The bit of an event kind in jh_handler.kinds. */
#define JH_EVENT_BIT(kind) (UINT64_C(1) << (kind))

/* When a before-run handler fails or is too slow, fail the attempt instead of going on. */
#define JH_HANDLER_MUST_PASS 0x10000u

/* host -> plugin. All but before-run come at least once: tell repetitions by event_id. */
typedef struct jh_event {
    uint32_t struct_size;
    uint32_t kind; /* JH_EVENT_* */
    jh_str event_id;
    const jh_run_info* run; /* never NULL; for an event without an attempt its attempt is 0 */
    jh_rc outcome;
    uint32_t reserved0;
    const jh_error* error; /* NULL = none */
    uint64_t duration_us;
    jh_str params_json; /* the arguments of the action or rule that named this handler */
} jh_event;

/* Static data of the plugin. */
typedef struct jh_handler {
    uint32_t struct_size;
    uint32_t flags; /* JH_HANDLER_* */
    const char* id; /* "vendor.name" */
    jh_str display_name;
    jh_str description;
    uint64_t kinds;          /* JH_EVENT_BIT() of each kind it can serve; not 0 */
    const char* runner_glob; /* only jobs of these runners, "shell.*"; NULL = all */
    int32_t priority;        /* higher is asked first, then by id */
    uint32_t timeout_ms;     /* 0 = the host decides */
    const jh_param* const* params;
    uint32_t param_count;
    uint32_t reserved0;

    /* [worker] JH_OK, JH_FAILED after fail(), and before a run also JH_SKIP. */
    jh_rc(JH_CALL* on_event)(void* self, jh_ctx ctx, const jh_event* event);
} jh_handler;

/* ---------------------------------------------------------------------------------------------
 * Schedules: recurring jobs as data. In the description, not used yet.
 * ------------------------------------------------------------------------------------------ */

#define JH_SCHEDULE_PER_CLUSTER 1u /* one for all nodes; also when neither flag is set */
#define JH_SCHEDULE_PER_NODE 2u    /* one for each node */
#define JH_SCHEDULE_CATCH_UP 4u    /* run what was missed, once */

/* Static data of the plugin: the host makes a recurring job of it, which an operator may change. */
typedef struct jh_schedule {
    uint32_t struct_size;
    uint32_t flags;        /* JH_SCHEDULE_* */
    const char* id;        /* "vendor.name" */
    const char* runner_id; /* a runner of this plugin */
    const char* schedule;  /* cron text, in the zone of the host */
    jh_str args_json;      /* one JSON object; empty = no arguments */
} jh_schedule;

/* ---------------------------------------------------------------------------------------------
 * The plugin
 * ------------------------------------------------------------------------------------------ */

/* Static data of the plugin, never changed once it was returned. No flag is known yet. */
typedef struct jh_plugin {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t target_level; /* JH_TARGET_LEVEL: the behaviour it was written for */
    uint32_t min_level;  /* a host below it refuses the plugin; 1 unless you cannot live without */
    const char* id;      /* "vendor.name", unique on a host */
    const char* version; /* "1.2.3" */
    jh_str display_name; /* empty = id */
    jh_str vendor;
    jh_str description;
    jh_str url;
    jh_str license; /* SPDX expression */
    const jh_runner* const* runners;
    const jh_handler* const* handlers;
    const jh_schedule* const* schedules;
    uint32_t runner_count;
    uint32_t handler_count;
    uint32_t schedule_count;
    uint32_t reserved0;

    /* [loader] Optional, at most 30 s. `config_json` is what the operator wrote for this plugin,
       one JSON object, `{}` when nothing. Puts what the other functions shall be given into *self;
       keep `host` there, too. JH_OK, or JH_FAILED after fail() with `ctx`: the plugin is refused
       with that message, and neither quiesce nor deinit is called. `ctx` ends when init returns. */
    jh_rc(JH_CALL* init)(const jh_host* host, jh_ctx ctx, jh_str config_json, void** self);

    /* [loader] Optional. Stop and join your threads; after it no call to the host. Every attempt
       has ended before; while one has not, the plugin is not stopped. */
    void(JH_CALL* quiesce)(void* self);

    /* [loader] Optional. Free what init made. Nothing of the plugin is called after it. */
    void(JH_CALL* deinit)(void* self);

    /* [any] Optional interfaces by id, NULL for an id you do not know. Not asked yet. */
    const void*(JH_CALL* get_extension)(void* self, const char* id);
} jh_plugin;

/*
 * [any] The one exported symbol; the major version of this contract is in its name. Returns the
 * same static description each time, or NULL to refuse this host. It starts nothing, opens nothing
 * and calls nothing of the host: it is also called by tools that only want to read the description,
 * and `host` (never NULL) may then offer no function at all.
 */
JH_EXPORT const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host);

#ifdef __cplusplus
}
#endif

#endif /* JOBHOST_PLUGIN_H */
