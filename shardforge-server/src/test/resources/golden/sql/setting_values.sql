set enable_seqscan = junk
---
ERROR 22023: parameter "enable_seqscan" requires a Boolean value

set enable_seqscan = tru
---
ok 0

show enable_seqscan
---
enable_seqscan
on

set enable_seqscan = of
---
ok 0

show enable_seqscan
---
enable_seqscan
off

set enable_seqscan = o
---
ERROR 22023: parameter "enable_seqscan" requires a Boolean value

set enable_seqscan = ''
---
ERROR 22023: parameter "enable_seqscan" requires a Boolean value

set bytea_output = junk
---
ERROR 22023: invalid value for parameter "bytea_output": "junk"
hint Available values: escape, hex.

set intervalstyle = junk
---
ERROR 22023: invalid value for parameter "intervalstyle": "junk"
hint Available values: postgres, postgres_verbose, sql_standard, iso_8601.

set default_transaction_isolation = junk
---
ERROR 22023: invalid value for parameter "default_transaction_isolation": "junk"
hint Available values: serializable, repeatable read, read committed, read uncommitted.

set plan_cache_mode = junk
---
ERROR 22023: invalid value for parameter "plan_cache_mode": "junk"
hint Available values: auto, force_generic_plan, force_custom_plan.

set constraint_exclusion = yes
---
ok 0

show constraint_exclusion
---
constraint_exclusion
on

set client_min_messages = junk
---
ERROR 22023: invalid value for parameter "client_min_messages": "junk"
hint Available values: debug5, debug4, debug3, debug2, debug1, log, notice, warning, error.

set client_min_messages = debug
---
ok 0

reset client_min_messages
---
ok 0

set synchronous_commit = local
---
ok 0

show synchronous_commit
---
synchronous_commit
local

set synchronous_commit = false
---
ok 0

show synchronous_commit
---
synchronous_commit
off

set synchronous_commit = junk
---
ERROR 22023: invalid value for parameter "synchronous_commit": "junk"
hint Available values: local, remote_write, remote_apply, on, off.

set session_replication_role = junk
---
ERROR 22023: invalid value for parameter "session_replication_role": "junk"
hint Available values: origin, replica, local.

set geqo_effort = 11
---
ERROR 22023: 11 is outside the valid range for parameter "geqo_effort" (1 .. 10)

set geqo_effort = 1.5
---
ok 0

show geqo_effort
---
geqo_effort
2

set geqo_effort = '0x0a'
---
ok 0

show geqo_effort
---
geqo_effort
10

set geqo_effort = '1e1 '
---
ok 0

set geqo_effort = '1x'
---
ERROR 22023: invalid value for parameter "geqo_effort": "1x"

set geqo_effort = ''
---
ERROR 22023: invalid value for parameter "geqo_effort": ""

set geqo_seed = 1.5
---
ERROR 22023: 1.5 is outside the valid range for parameter "geqo_seed" (0 .. 1)

set geqo_seed = -1
---
ERROR 22023: -1 is outside the valid range for parameter "geqo_seed" (0 .. 1)

set geqo_seed = 0.123456789
---
ok 0

show geqo_seed
---
geqo_seed
0.123457

set geqo_selection_bias = 1
---
ERROR 22023: 1 is outside the valid range for parameter "geqo_selection_bias" (1.5 .. 2)

set cpu_tuple_cost = 1e-7
---
ok 0

show cpu_tuple_cost
---
cpu_tuple_cost
1e-07

set cpu_tuple_cost = 12345678
---
ok 0

show cpu_tuple_cost
---
cpu_tuple_cost
1.23457e+07

set cpu_tuple_cost = -1
---
ERROR 22023: -1 is outside the valid range for parameter "cpu_tuple_cost" (0 .. 1.79769e+308)

set cpu_tuple_cost = '1 kB'
---
ERROR 22023: invalid value for parameter "cpu_tuple_cost": "1 kB"

set work_mem = '1.5MB'
---
ok 0

show work_mem
---
work_mem
1536kB

set work_mem = '99999999999TB'
---
ERROR 22023: invalid value for parameter "work_mem": "99999999999TB"
hint Value exceeds integer range.

set work_mem = '1tb'
---
ERROR 22023: invalid value for parameter "work_mem": "1tb"
hint Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".

set work_mem = '10 foo'
---
ERROR 22023: invalid value for parameter "work_mem": "10 foo"
hint Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".

set work_mem = junk
---
ERROR 22023: invalid value for parameter "work_mem": "junk"

set work_mem = '2047 kB'
---
ok 0

show work_mem
---
work_mem
2047kB

set work_mem = 2048
---
ok 0

show work_mem
---
work_mem
2MB

set effective_cache_size = 2147483647
---
ok 0

show effective_cache_size
---
effective_cache_size
17179869176kB

set temp_buffers = '801kB'
---
ok 0

show temp_buffers
---
temp_buffers
800kB

set statement_timeout = '1.5s'
---
ok 0

show statement_timeout
---
statement_timeout
1500ms

set statement_timeout = '90s'
---
ok 0

show statement_timeout
---
statement_timeout
90s

set statement_timeout = '90min'
---
ok 0

show statement_timeout
---
statement_timeout
90min

set statement_timeout = '700us'
---
ok 0

show statement_timeout
---
statement_timeout
1ms

set statement_timeout = '1m'
---
ERROR 22023: invalid value for parameter "statement_timeout": "1m"
hint Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".

set statement_timeout = junk
---
ERROR 22023: invalid value for parameter "statement_timeout": "junk"

set statement_timeout = '99999d'
---
ERROR 22023: invalid value for parameter "statement_timeout": "99999d"
hint Value exceeds integer range.

set statement_timeout = 0
---
ok 0

show statement_timeout
---
statement_timeout
0

set vacuum_cost_delay = '1.5'
---
ok 0

show vacuum_cost_delay
---
vacuum_cost_delay
1500us

set vacuum_cost_delay = '0.002s'
---
ok 0

show vacuum_cost_delay
---
vacuum_cost_delay
2ms

set vacuum_freeze_min_age = -1
---
ERROR 22023: -1 is outside the valid range for parameter "vacuum_freeze_min_age" (0 .. 1000000000)

set from_collapse_limit = 2147483648
---
ERROR 22023: invalid value for parameter "from_collapse_limit": "2147483648"
hint Value exceeds integer range.

set backslash_quote = junk
---
ERROR 22023: invalid value for parameter "backslash_quote": "junk"
hint Available values: safe_encoding, on, off.

set array_nulls = junk
---
ERROR 22023: parameter "array_nulls" requires a Boolean value

select set_config('work_mem', '1MB', false)
---
set_config
1MB

reset all
---
ok 0
