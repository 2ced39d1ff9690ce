# Enums: declared order, casts, arrays, keys, changes and their errors.
create type mood as enum ('sad', 'ok', 'happy')
---
ok 0

create type mood as enum ('a')
---
ERROR 42710: type "mood" already exists

create table p (id int primary key, m mood not null default 'ok', a mood[], check (m < 'happy'::mood or id < 10))
---
ok 0

insert into p values (1, 'happy', '{sad,ok}'), (2, 'sad', null), (3, default, array['ok', 'happy']::mood[])
---
ok 3

insert into p values (11, 'happy')
---
ERROR 23514: new row for relation "p" violates check constraint "p_check"
detail Failing row contains (11, happy, null).

insert into p values (4, 'bad')
---
ERROR 22P02: invalid input value for enum mood: "bad"
at 26

insert into p values (4, 'ok'::text)
---
ERROR 42804: column "m" is of type mood but expression is of type text
at 26
hint You will need to rewrite or cast the expression.

insert into p values (4, 'ok', '{ok,none}')
---
ERROR 22P02: invalid input value for enum mood: "none"
at 32

select * from p order by m
---
id | m | a
2 | sad | NULL
3 | ok | {ok,happy}
1 | happy | {sad,ok}

select id, m::text, m > 'sad', enum_first(m), enum_last(null::mood), enum_range(m), enum_range('ok'::mood, null), enum_range(null, 'ok'::mood) from p order by m desc
---
id | m | ?column? | enum_first | enum_last | enum_range | enum_range | enum_range
2 | sad | f | sad | happy | {sad,ok,happy} | {ok,happy} | {sad,ok}
3 | ok | t | sad | happy | {sad,ok,happy} | {ok,happy} | {sad,ok}
1 | happy | t | sad | happy | {sad,ok,happy} | {ok,happy} | {sad,ok}

select max(m), min(m), count(distinct m), array_agg(m order by m), string_agg(m::text, ',' order by m) from p
---
max | min | count | array_agg | string_agg
happy | sad | 3 | {sad,ok,happy} | sad,ok,happy

select 'ok'::mood = 'ok', 'ok'::mood < 'happy', 'sad'::mood = 'ok'::text
---
ERROR 42883: operator does not exist: mood = text
at 61
hint No operator matches the given name and argument types. You might need to add explicit type casts.

select greatest('ok'::mood, 'sad'), least('ok', 'sad'::mood), coalesce(null, 'ok'::mood), 'ok'::text::mood, 'sad'::mood || 'x', cast('OK' as mood)
---
ERROR 22P02: invalid input value for enum mood: "OK"
at 134

select pg_typeof('ok'::mood), pg_typeof('{ok}'::mood[]), '{ok,sad}'::mood[] < '{ok,happy}', 'sad' = any ('{ok,sad}'::mood[])
---
pg_typeof | pg_typeof | ?column? | ?column?
mood | mood[] | t | t

select 1::mood
---
ERROR 42846: cannot cast type integer to mood
at 9

select max('x'::mood)
---
ERROR 22P02: invalid input value for enum mood: "x"
at 12

alter type mood add value 'meh' before 'ok'
---
ok 0

alter type mood add value 'meh'
---
ERROR 42710: enum label "meh" already exists

alter type mood add value if not exists 'meh'
---
notice enum label "meh" already exists, skipping
ok 0

alter type mood add value 'x' after 'none'
---
ERROR 22023: "none" is not an existing enum label

alter type mood add value 'great' after 'happy'
---
ok 0

insert into p values (4, 'meh', '{meh,great}')
---
ok 1

select * from p order by m, id
---
id | m | a
2 | sad | NULL
4 | meh | {meh,great}
3 | ok | {ok,happy}
1 | happy | {sad,ok}

create index on p (m, id)
---
ok 0

select id from p where m >= 'meh' order by m, id
---
id
4
3
1

select id from p where m in ('meh', 'sad') order by id
---
id
2
4

select id from p where m between 'meh' and 'ok' order by id
---
id
3
4

select m, count(*) from p group by m order by m desc
---
m | count
happy | 1
ok | 1
meh | 1
sad | 1

create table q (m mood primary key, v int)
---
ok 0

insert into q select m, id from p
---
ok 4

insert into q values ('meh', 7)
---
ERROR 23505: duplicate key value violates unique constraint "q_pkey"
detail Key (m)=(meh) already exists.

insert into q values ('meh', 7) on conflict (m) do update set v = excluded.v returning *
---
m | v
meh | 7

select * from p join q using (m) order by m
---
m | id | a | v
sad | 2 | NULL | 2
meh | 4 | {meh,great} | 7
ok | 3 | {ok,happy} | 3
happy | 1 | {sad,ok} | 1

create table r (m mood references q, n numeric check (n > 0))
---
ok 0

insert into r values ('great', 1)
---
ERROR 23503: insert or update on table "r" violates foreign key constraint "r_m_fkey"
detail Key (m)=(great) is not present in table "q".

insert into r values ('sad', 1)
---
ok 1

alter type mood rename value 'meh' to 'so-so'
---
ok 0

alter type mood rename value 'meh' to 'x'
---
ERROR 22023: "meh" is not an existing enum label

alter type mood rename value 'ok' to 'sad'
---
ERROR 42710: enum label "sad" already exists

select * from q order by m
---
m | v
sad | 2
so-so | 7
ok | 3
happy | 1

select a from p where id = 4
---
a
{so-so,great}

alter type mood rename to feeling
---
ok 0

select 'ok'::mood
---
ERROR 42704: type "mood" does not exist
at 14

select format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid) from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where attrelid = 'p'::regclass and attnum > 0 order by attnum
---
format_type | pg_get_expr
integer | NULL
feeling | 'ok'::feeling
feeling[] | NULL

select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'p'::regclass and contype = 'c'
---
pg_get_constraintdef
CHECK (((m < 'happy'::feeling) OR (id < 10)))

create view v as select id, 'sad'::feeling as f from p where m > 'sad'::feeling
---
ok 0

create schema s
---
ok 0

alter type feeling set schema s
---
ok 0

select pg_get_viewdef('v'::regclass) like '%s.feeling%', format_type(atttypid, -1), pg_type_is_visible(atttypid) from pg_attribute where attrelid = 'p'::regclass and attname = 'a'
---
?column? | format_type | pg_type_is_visible
t | s.feeling[] | f

insert into p values (5, 'sad')
---
ok 1

select * from v order by id
---
id | f
1 | sad
3 | sad
4 | sad

drop schema s
---
ERROR 2BP01: cannot drop schema s because other objects depend on it
detail type s.feeling depends on schema s
column a of table p depends on type s.feeling[]
column m of table p depends on type s.feeling
column m of table q depends on type s.feeling
column m of table r depends on type s.feeling
view v depends on type s.feeling
hint Use DROP ... CASCADE to drop the dependent objects too.

alter type s.feeling set schema public
---
ok 0

alter type feeling rename to mood
---
ok 0

select typname, typlen, typtype, typcategory, typbyval, typalign, typstorage, typinput, typreceive from pg_type where typname like '%mood' order by 1
---
typname | typlen | typtype | typcategory | typbyval | typalign | typstorage | typinput | typreceive
_mood | -1 | b | A | f | i | x | array_in | array_recv
mood | 4 | e | E | t | i | p | enum_in | enum_recv

select e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid where typname = 'mood' order by enumsortorder
---
enumlabel
sad
so-so
ok
happy
great

select column_name, data_type, udt_schema, udt_name from information_schema.columns where table_name = 'p' order by ordinal_position
---
column_name | data_type | udt_schema | udt_name
id | integer | pg_catalog | int4
m | USER-DEFINED | public | mood
a | ARRAY | public | _mood

comment on type mood is 'how it feels'
---
ok 0

select obj_description('mood'::regtype), 'mood[]'::regtype, '_mood'::regtype
---
obj_description | regtype | regtype
how it feels | mood[] | mood[]

select to_json('ok'::mood), json_agg(m order by m), to_jsonb(array['sad'::mood]) from p
---
to_json | json_agg | to_jsonb
"ok" | ["sad", "sad", "so-so", "ok", "happy"] | ["sad"]

prepare by_mood (mood) as select id from p where m = $1 order by id
---
ok 0

execute by_mood ('sad')
---
id
2
5

execute by_mood ('none')
---
ERROR 22P02: invalid input value for enum mood: "none"
at 18

drop type mood
---
ERROR 2BP01: cannot drop type mood because other objects depend on it
detail column a of table p depends on type mood[]
column m of table p depends on type mood
column m of table q depends on type mood
column m of table r depends on type mood
view v depends on type mood
hint Use DROP ... CASCADE to drop the dependent objects too.

drop type _mood
---
ERROR 2BP01: cannot drop type mood[] because type mood requires it
hint You can drop type mood instead.

drop type none
---
ERROR 42601: syntax error at or near "none"
at 11

drop type if exists none
---
ERROR 42601: syntax error at or near "none"
at 21

drop type int4
---
ERROR 2BP01: cannot drop type integer because it is required by the database system

alter type none rename to x
---
ERROR 42704: type "none" does not exist

alter type none add value 'x'
---
ERROR 42704: type "none" does not exist

create type p as enum ('a')
---
ERROR 42710: type "p" already exists

create table mood (a int)
---
ERROR 42710: type "mood" already exists
hint A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.

create view mood as select 1 as a
---
ERROR 42710: type "mood" already exists
hint A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.

create type t3 as enum ()
---
ok 0

select enum_first(null::t3), enum_range(null::t3)
---
ERROR 55000: enum t3 contains no values

select enum_range(null::t3)
---
enum_range
{}

create table w (x t3[], y text default 'sad'::mood)
---
ok 0

drop type mood cascade
---
notice drop cascades to 6 other objects
detail drop cascades to column a of table p
drop cascades to column m of table p
drop cascades to column m of table q
drop cascades to column m of table r
drop cascades to view v
drop cascades to default value for column y of table w
ok 0

select column_name from information_schema.columns where table_name in ('p', 'q', 'r', 'w') order by table_name, ordinal_position
---
column_name
id
v
n
x
y

insert into w default values returning *
---
x | y
NULL | NULL

begin
---
ok 0

create type colour as enum ('red')
---
ok 0

create table painted (c colour)
---
ok 0

insert into painted values ('red')
---
ok 1

rollback
---
ok 0

select 'red'::colour
---
ERROR 42704: type "colour" does not exist
at 15

drop table p, q, r, w
---
ok 0

drop type t3
---
ok 0

drop schema s
---
ok 0
