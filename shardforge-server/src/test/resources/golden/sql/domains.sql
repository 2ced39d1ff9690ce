# Domains: rules, defaults, casts, changes and their errors.
create domain positive as integer constraint above check (value > 0)
---
ok 0

create domain code as varchar(5) not null default 'none' check (VALUE ~ '^[a-z]+$') check (length(value) > 1)
---
ok 0

create domain small as positive check (value < 10)
---
ok 0

create domain tags as text[] check (cardinality(value) < 3)
---
ok 0

create table p (id positive primary key, c code, s small default 5, t tags, a small[])
---
ok 0

insert into p values (1, 'abc', 3, '{a}', '{1,2}')
---
ok 1

insert into p (id) values (2)
---
ok 1

insert into p values (0, 'abc')
---
ERROR 23514: value for domain positive violates check constraint "above"
type public.positive above

insert into p values (3, 'ABC')
---
ERROR 23514: value for domain code violates check constraint "code_check"
type public.code code_check

insert into p values (3, 'abcdef')
---
ERROR 22001: value too long for type character varying(5)

insert into p values (3, 'a')
---
ERROR 23514: value for domain code violates check constraint "code_check1"
type public.code code_check1

insert into p values (3, null)
---
ERROR 23502: domain code does not allow null values
type public.code

insert into p values (3, 'abc', 10)
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

insert into p values (3, 'abc', -1)
---
ERROR 23514: value for domain small violates check constraint "above"
type public.small above

insert into p values (3, 'abc', 1, '{a,b,c}')
---
ERROR 23514: value for domain tags violates check constraint "tags_check"
type public.tags tags_check

insert into p values (3, 'abc', 1, null, array[1, 20])
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

insert into p select id + 2, c, null from p
---
ok 2

update p set s = s + 100 where id = 1
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

update p set s = s + 1 where id = 1 returning s, s * 2
---
s | ?column?
4 | 8

select * from p order by id
---
id | c | s | t | a
1 | abc | 4 | {a} | {1,2}
2 | none | 5 | NULL | NULL
3 | abc | NULL | NULL | NULL
4 | none | NULL | NULL | NULL

select id + 1, c || 'x', length(c), t[1], s between 1 and 5, s = 4, c = 'abc', c in ('abc', 'x'), coalesce(s, 0), max(id) over () from p order by id
---
?column? | ?column? | length | t | ?column? | ?column? | ?column? | ?column? | coalesce | max
2 | abcx | 3 | a | t | t | t | t | 4 | 4
3 | nonex | 4 | NULL | t | f | f | f | 5 | 4
4 | abcx | 3 | NULL | NULL | NULL | t | t | 0 | 4
5 | nonex | 4 | NULL | NULL | NULL | f | f | 0 | 4

select sum(s), max(id), min(c), array_agg(s order by id) from p
---
sum | max | min | array_agg
9 | 4 | abc | {4,5,NULL,NULL}

select pg_typeof(id), pg_typeof(a), pg_typeof(id + 1), pg_typeof(c), pg_typeof(coalesce(id, id)) from p limit 1
---
pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
positive | small[] | integer | code | positive

select 5::positive, '7'::small, cast(3.6 as positive), 'abcdefgh'::code, null::positive
---
positive | small | positive | code | positive
5 | 7 | 4 | abcde | NULL

select 0::positive
---
ERROR 23514: value for domain positive violates check constraint "above"
type public.positive above

select null::code
---
ERROR 23502: domain code does not allow null values
type public.code

select 11::small
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

select 5::positive::text, '5'::text::positive, 5::small::positive
---
text | positive | positive
5 | 5 | 5

select to_json(id), json_build_object('c', c), format('%s', s) from p where id = 1
---
to_json | json_build_object | format
1 | {"c" : "abc"} | 4

select a.id from p a join p b on a.id = b.s - 3 order by 1
---
id
1
2

select id from p where id = 2
---
id
2

select id from p union select 7::bigint order by 1
---
id
1
2
3
4
7

select case when true then id else 0 end from p order by 1
---
case
1
2
3
4

prepare q (small) as select $1 + 1
---
ok 0

execute q (4)
---
?column?
5

execute q (40)
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

alter domain positive add constraint below check (value < 3)
---
ERROR 0A000: cannot alter type "small" because column "p.a" uses it

alter table p drop column a
---
ok 0

alter domain positive add constraint below check (value <> 3)
---
ERROR 23514: column "id" of table "p" contains values that violate the new constraint

alter domain positive add constraint below check (value < 100)
---
ok 0

alter domain positive add constraint below check (value < 100)
---
ERROR 42710: constraint "below" for domain "positive" already exists

insert into p values (100, 'abc')
---
ERROR 23514: value for domain positive violates check constraint "below"
type public.positive below

select 200::small
---
ERROR 23514: value for domain small violates check constraint "below"
type public.small below

alter domain positive drop constraint nothing
---
ERROR 42704: constraint "nothing" of domain "positive" does not exist

alter domain positive drop constraint if exists nothing
---
notice constraint "nothing" of domain "positive" does not exist, skipping
ok 0

alter domain positive rename constraint below to under
---
ok 0

insert into p values (100, 'abc')
---
ERROR 23514: value for domain positive violates check constraint "under"
type public.positive under

alter domain positive drop constraint under
---
ok 0

insert into p values (100, 'abc')
---
ok 1

alter domain small set not null
---
ERROR 23502: column "s" of table "p" contains null values

update p set s = 1 where s is null
---
ok 2

alter domain small set not null
---
ok 0

insert into p values (101, 'abc', null)
---
ERROR 23502: domain small does not allow null values
type public.small

insert into p (id, c) values (101, 'abc') returning s
---
s
5

alter domain small drop not null
---
ok 0

alter domain code set default 'zero'
---
ok 0

insert into p (id) values (102) returning c
---
c
zero

alter domain code drop default
---
ok 0

insert into p (id) values (103) returning c
---
ERROR 23502: domain code does not allow null values
type public.code

alter domain code rename to label
---
ok 0

insert into p values (103, 'a')
---
ERROR 23514: value for domain label violates check constraint "code_check1"
type public.label code_check1

alter domain positive add check (value <> 55)
---
ok 0

select typname, typtype, typcategory, typnotnull, typbasetype::regtype, typtypmod, typdefault, typinput, typoutput from pg_type where typname in ('positive', 'label', 'small', 'tags', '_small') order by 1
---
typname | typtype | typcategory | typnotnull | typbasetype | typtypmod | typdefault | typinput | typoutput
_small | b | A | f | - | -1 | NULL | array_in | array_out
label | d | S | t | character varying | 9 | NULL | domain_in | varcharout
positive | d | N | f | integer | -1 | NULL | domain_in | int4out
small | d | N | f | positive | -1 | NULL | domain_in | int4out
tags | d | A | f | text[] | -1 | NULL | domain_in | array_out

select constraint_name, domain_name from information_schema.domain_constraints where domain_schema = 'public' order by 1, 2
---
constraint_name | domain_name
above | positive
code_check | label
code_check1 | label
positive_check | positive
small_check | small
tags_check | tags

select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'p'::regclass and attnum > 0 and not attisdropped order by attnum
---
format_type
positive
label
small
tags

comment on domain positive is 'above zero'
---
ok 0

comment on constraint above on domain positive is 'indeed'
---
ok 0

select obj_description('positive'::regtype), obj_description(oid) from pg_constraint where conname = 'above'
---
obj_description | obj_description
above zero | indeed

create view v as select id, s, 3::small as three from p
---
ok 0

select * from v order by id limit 2
---
id | s | three
1 | 4 | 3
2 | 5 | 3

create table w as select id, s from p where id < 3
---
ok 2

select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'w'::regclass and attnum > 0 order by attnum
---
format_type
positive
small

alter table w add column more small default 20
---
ERROR 23514: value for domain small violates check constraint "small_check"
type public.small small_check

alter table w add column more small default 2
---
ok 0

alter table w alter column id type small
---
ok 0

alter table w alter column id type integer
---
ok 0

alter table w add column must label
---
ERROR 23502: domain label does not allow null values
type public.label

create domain bad as integer check (other > 0)
---
ERROR 42703: column "other" does not exist

create domain bad as integer unique
---
ERROR 42601: unique constraints not possible for domains

create domain bad as integer primary key
---
ERROR 42601: primary key constraints not possible for domains

create domain bad as integer not null null
---
ERROR 42601: conflicting NULL/NOT NULL constraints

create domain bad as integer default 1 default 2
---
ERROR 42601: multiple default expressions

create domain positive as text
---
ERROR 42710: type "positive" already exists

create domain bad as integer constraint x check (value > 0) constraint x check (value > 1)
---
ERROR 42710: constraint "x" for domain "bad" already exists

create type hue as enum ('red', 'blue')
---
ok 0

create domain warm as hue check (value <> 'blue')
---
ok 0

create table painted (w warm primary key, n text check (n <> 'xx'::label))
---
ok 0

insert into painted values ('blue', 'b')
---
ERROR 23514: value for domain warm violates check constraint "warm_check"
type public.warm warm_check

alter domain hue drop not null
---
ERROR 42809: hue is not a domain

drop domain hue
---
ERROR 42809: "hue" is not a domain

drop domain nothing
---
ERROR 42704: type "nothing" does not exist

drop domain if exists nothing
---
notice type "nothing" does not exist, skipping
ok 0

select conname, pg_get_constraintdef(oid), contype, contypid::regtype from pg_constraint where contypid <> 0 and conname like 'positive%' order by contypid, conname
---
conname | pg_get_constraintdef | contype | contypid
positive_check | CHECK ((VALUE <> 55)) | c | positive

select column_name, data_type, domain_schema, domain_name, udt_name, character_maximum_length from information_schema.columns where table_name = 'p' and column_name <> 's' order by ordinal_position
---
column_name | data_type | domain_schema | domain_name | udt_name | character_maximum_length
id | integer | public | positive | int4 | NULL
c | character varying | public | label | varchar | 5
t | ARRAY | public | tags | _text | NULL

select domain_name, data_type, domain_default, udt_name from information_schema.domains where domain_name in ('positive', 'label') order by 1
---
domain_name | data_type | domain_default | udt_name
label | character varying | NULL | varchar
positive | integer | NULL | int4

drop domain if exists bad
---
notice type "bad" does not exist, skipping
ok 0

drop type hue
---
ERROR 2BP01: cannot drop type hue because other objects depend on it
detail type warm depends on type hue
column w of table painted depends on type warm
hint Use DROP ... CASCADE to drop the dependent objects too.

drop type hue cascade
---
notice drop cascades to 2 other objects
detail drop cascades to type warm
drop cascades to column w of table painted
ok 0

drop view v
---
ok 0

drop domain positive cascade
---
notice drop cascades to 5 other objects
detail drop cascades to type small
drop cascades to column s of table p
drop cascades to column more of table w
drop cascades to column s of table w
drop cascades to column id of table p
ok 0

drop domain label cascade
---
notice drop cascades to 2 other objects
detail drop cascades to column c of table p
drop cascades to constraint painted_n_check on table painted
ok 0

drop table p, w, painted
---
ok 0

drop domain tags
---
ok 0
