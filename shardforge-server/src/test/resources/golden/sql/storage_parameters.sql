create table so (a int, b text[])
---
ok 0

alter table so set (fillfactor = 9)
---
ERROR 22023: value 9 out of bounds for option "fillfactor"
detail Valid values are between "10" and "100".

alter table so set (fillfactor = 70)
---
ok 0

alter table so set (fillfactor = 70.4)
---
ok 0

alter table so set (fillfactor = junk)
---
ERROR 22023: invalid value for integer option "fillfactor": junk

alter table so set (fillfactor = '')
---
ERROR 22023: invalid value for integer option "fillfactor": 

alter table so set (fillfactor)
---
ERROR 22023: invalid value for integer option "fillfactor": true

alter table so set (fillfactor = 50, fillfactor = 60)
---
ERROR 22023: parameter "fillfactor" specified more than once

alter table so set (autovacuum_enabled = of, toast.autovacuum_enabled = fals)
---
ok 0

alter table so set (autovacuum_enabled = o)
---
ERROR 22023: invalid value for boolean option "autovacuum_enabled": o

alter table so set (autovacuum_enabled)
---
ok 0

alter table so set (autovacuum_vacuum_scale_factor = 100.5)
---
ERROR 22023: value 100.5 out of bounds for option "autovacuum_vacuum_scale_factor"
detail Valid values are between "0.000000" and "100.000000".

alter table so set (autovacuum_vacuum_scale_factor = 1e1)
---
ok 0

alter table so set (autovacuum_vacuum_scale_factor = junk)
---
ERROR 22023: invalid value for floating point option "autovacuum_vacuum_scale_factor": junk

alter table so set (vacuum_index_cleanup = auto)
---
ok 0

alter table so set (vacuum_index_cleanup = junk)
---
ERROR 22023: invalid value for enum option "vacuum_index_cleanup": junk
detail Valid values are "on", "off", and "auto".

alter table so set (autovacuum_vacuum_threshold = 2200000000)
---
ERROR 22023: invalid value for integer option "autovacuum_vacuum_threshold": 2200000000

alter table so set (toast.fillfactor = 50)
---
ERROR 22023: unrecognized parameter "fillfactor"

alter table so set (toast.vacuum_truncate = maybe)
---
ERROR 22023: invalid value for boolean option "vacuum_truncate": maybe

alter table so set (junk = 1)
---
ERROR 22023: unrecognized parameter "junk"

alter table so set (foo.bar = 1)
---
ERROR 22023: unrecognized parameter namespace "foo"

alter table so set (fastupdate = on)
---
ERROR 22023: unrecognized parameter "fastupdate"

alter table so reset (junk, fillfactor, autovacuum_enabled)
---
ok 0

create index on so (a) with (fillfactor = 101)
---
ERROR 22023: value 101 out of bounds for option "fillfactor"
detail Valid values are between "10" and "100".

create index on so (a) with (deduplicate_items = junk)
---
ERROR 22023: invalid value for boolean option "deduplicate_items": junk

create index so_i on so (a) with (deduplicate_items = off, fillfactor = 90)
---
ok 0

create index on so (a) with (fastupdate = on)
---
ERROR 22023: unrecognized parameter "fastupdate"

create index so_g on so using gin (b) with (fastupdate = junk)
---
ERROR 22023: invalid value for boolean option "fastupdate": junk

create index so_g on so using gin (b) with (gin_pending_list_limit = 63)
---
ERROR 22023: value 63 out of bounds for option "gin_pending_list_limit"
detail Valid values are between "64" and "2147483647".

create index so_g on so using gin (b) with (gin_pending_list_limit = 100, fastupdate = off)
---
ok 0

alter index so_i set (fillfactor = 5)
---
ERROR 22023: value 5 out of bounds for option "fillfactor"
detail Valid values are between "10" and "100".

alter index so_i set (fillfactor = 55)
---
ok 0

alter index so_i reset (fillfactor)
---
ok 0

create table so2 (a int primary key with (fillfactor = 5))
---
ERROR 22023: value 5 out of bounds for option "fillfactor"
detail Valid values are between "10" and "100".

create table so2 (a int) with (parallel_workers = 2000)
---
ERROR 22023: value 2000 out of bounds for option "parallel_workers"
detail Valid values are between "0" and "1024".

drop table so
---
ok 0
