drop table if exists no_such
---
notice table "no_such" does not exist, skipping
ok 0

set client_min_messages = warning
---
ok 0

drop table if exists no_such
---
ok 0

set local work_mem = '8MB'
---
notice SET LOCAL can only be used in transaction blocks
ok 0

set client_min_messages to 'ERROR'
---
ok 0

set local work_mem = '8MB'
---
ok 0

set client_min_messages = log
---
ok 0

drop table if exists no_such
---
notice table "no_such" does not exist, skipping
ok 0

set client_min_messages = debug1
---
ok 0

reset client_min_messages
---
ok 0

drop table if exists no_such
---
notice table "no_such" does not exist, skipping
ok 0

select '+(int4, int4)'::regoperator, 'pg_catalog.!~(text,text)'::regoperator, '-(none,int8)'::regoperator
---
regoperator | regoperator | regoperator
+(integer,integer) | !~(text,text) | -(NONE,bigint)

select '+(int4)'::regoperator
---
ERROR 42P02: missing argument
at 8
hint Use NONE to denote the missing argument of a unary operator.

select '+'::regoperator
---
ERROR 22P02: expected a left parenthesis
at 8
