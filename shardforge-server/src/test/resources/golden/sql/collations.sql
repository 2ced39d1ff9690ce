# Collations of ICU: order, derivation, columns, keys, statements and their errors.
select x from (values ('a'), ('B'), ('ä'), ('Z'), ('b'), ('A'), ('z'), ('aé'), ('ae'), ('a b'), ('')) v(x) order by x collate "en-x-icu"
---
x
''
a
A
ä
a b
ae
aé
b
B
z
Z

select x from (values ('a'), ('B'), ('ä'), ('Z'), ('b'), ('A')) v(x) order by x collate "sv-x-icu" desc
---
x
ä
Z
B
b
A
a

select x from (values ('a'), ('B'), ('ä'), ('Z'), ('b'), ('A')) v(x) order by x
---
x
A
B
Z
a
b
ä

select 'bbc' collate "en-x-icu" > 'äbc' collate "en-x-icu", 'bbc' collate "sv-x-icu" > 'äbc' collate "sv-x-icu", 'a' < 'B', 'a' < 'B' collate "und-x-icu"
---
?column? | ?column? | ?column? | ?column?
t | f | f | t

create collation phone (provider = icu, locale = 'de-u-co-phonebk')
---
ok 0

create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)
---
ok 0

create collation noaccent (provider = icu, locale = 'und-u-ks-level1-kc-true', deterministic = false)
---
ok 0

create collation if not exists nocase (provider = icu, locale = 'und')
---
notice collation "nocase" already exists, skipping
ok 0

create collation nocase (provider = icu, locale = 'und')
---
ERROR 42710: collation "nocase" already exists

create collation posix2 from "POSIX"
---
ok 0

create collation bad (provider = icu)
---
ERROR 42P17: parameter "locale" must be specified

create collation bad (provider = icu, lc_collate = 'en_US.utf8')
---
ERROR 42P17: parameter "locale" must be specified

create collation bad (provider = nosuch, locale = 'x')
---
ERROR 42P17: unrecognized collation provider: nosuch

create collation bad (locale = 'C', lc_collate = 'C')
---
ERROR 42601: conflicting or redundant options
detail LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.

create collation bad (locale = 'C', foo = 'x')
---
ERROR 42601: collation attribute "foo" not recognized
at 37

create collation bad (lc_collate = 'C')
---
ERROR 42P17: parameter "lc_ctype" must be specified

create collation bad (locale = 'C', deterministic = false)
---
ERROR 0A000: nondeterministic collations not supported with this provider

create collation bad from "default"
---
ERROR 42P17: collation "default" cannot be copied

create collation bad from nosuch
---
ERROR 42704: collation "nosuch" for encoding "UTF8" does not exist

create collation bad (from = "C", locale = 'C')
---
ERROR 42601: conflicting or redundant options
detail FROM cannot be specified together with any other options.

select collname, collprovider, collisdeterministic, colliculocale from pg_collation where collname in ('phone', 'nocase', 'noaccent', 'posix2') order by 1
---
collname | collprovider | collisdeterministic | colliculocale
noaccent | i | f | und-u-ks-level1-kc-true
nocase | i | f | und-u-ks-level2
phone | i | t | de-u-co-phonebk
posix2 | c | t | NULL

select collname, collprovider, collisdeterministic, colliculocale, collversion = pg_collation_actual_version(oid) from pg_collation where collname in ('en-x-icu', 'und-x-icu', 'zh-Hans-CN-x-icu') order by 1
---
collname | collprovider | collisdeterministic | colliculocale | ?column?
en-x-icu | i | t | en | t
und-x-icu | i | t | und | t
zh-Hans-CN-x-icu | i | t | zh-Hans-CN | t

select oid, collname, collprovider, collencoding, collcollate, collctype from pg_collation where collname in ('default', 'C', 'POSIX') order by oid
---
oid | collname | collprovider | collencoding | collcollate | collctype
100 | default | d | -1 | NULL | NULL
950 | C | c | -1 | C | C
951 | POSIX | c | -1 | POSIX | POSIX

create table words (id int primary key, a text collate "en-x-icu", b text collate nocase, c text, d varchar(10) collate "sv-x-icu")
---
ok 0

insert into words values (1, 'abc', 'abc', 'abc', 'abc'), (2, 'äbc', 'äbc', 'äbc', 'äbc'), (3, 'bbc', 'bbc', 'bbc', 'bbc'), (4, 'ABC', 'ABC', 'ABC', 'ABC'), (5, null, null, null, null), (6, 'zulu', 'ZULU', 'zulu', 'zulu')
---
ok 6

select id, a from words order by a
---
id | a
1 | abc
4 | ABC
2 | äbc
3 | bbc
6 | zulu
5 | NULL

select id, a from words order by a desc nulls last
---
id | a
6 | zulu
3 | bbc
2 | äbc
4 | ABC
1 | abc
5 | NULL

select id, c from words order by c
---
id | c
4 | ABC
1 | abc
3 | bbc
6 | zulu
2 | äbc
5 | NULL

select id, c from words order by c collate phone, id
---
id | c
1 | abc
4 | ABC
2 | äbc
3 | bbc
6 | zulu
5 | NULL

select id, d from words order by d
---
id | d
1 | abc
4 | ABC
3 | bbc
6 | zulu
2 | äbc
5 | NULL

select id from words where a >= 'bbc' order by id
---
id
3
6

select id from words where d >= 'bbc' order by id
---
id
2
3
6

select id from words where c >= 'bbc' order by id
---
id
2
3
6

select id from words where c >= 'bbc' collate "sv-x-icu" order by id
---
id
2
3
6

select id from words where a between 'ABC' and 'b' order by id
---
id
2
4

select id from words where b = 'Abc' order by id
---
id
1
4

select id from words where b <> 'Abc' order by id
---
id
2
3
6

select id from words where b in ('ABC', 'zulu') order by id
---
id
1
4
6

select id from words where b = any (array['ABC', 'zulu']) order by id
---
id
1
4
6

select id from words where (b, id) > ('ABC', 1) order by id
---
id
2
3
4
6

select count(*), min(lower(b)) from words group by b order by 2
---
count | min
2 | abc
1 | äbc
1 | bbc
1 | zulu
1 | NULL

select distinct lower(b collate "C") from words where b < 'b' order by 1
---
lower
abc
äbc

select min(a), max(a), min(c), max(c), min(d), max(d) from words
---
min | max | min | max | min | max
abc | zulu | ABC | äbc | abc | äbc

select greatest(a, 'Abd'), least(a, 'B'), coalesce(a, 'foo') from words order by id
---
greatest | least | coalesce
Abd | abc | abc
Abd | äbc | äbc
bbc | B | bbc
Abd | ABC | ABC
Abd | B | foo
zulu | B | zulu

select nullif(b, 'ABC'), case b when 'ABC' then 1 else 0 end, b is distinct from 'ZuLu' from words order by id
---
nullif | case | ?column?
NULL | 1 | t
äbc | 0 | t
bbc | 0 | t
NULL | 1 | t
NULL | 0 | t
ZULU | 0 | f

select rank() over (order by b), count(*) over (partition by b) from words order by id
---
rank | count
1 | 2
3 | 1
4 | 1
1 | 2
6 | 1
5 | 1

select string_agg(a, ',' order by a), array_agg(distinct d order by d) from words
---
string_agg | array_agg
abc,ABC,äbc,bbc,zulu | {abc,ABC,bbc,zulu,äbc,NULL}

select percentile_disc(0.5) within group (order by a) from words
---
percentile_disc
äbc

select a.id, b.id from words a join words b on a.b = b.b and a.id <> b.id order by 1, 2
---
id | id
1 | 4
4 | 1

select a.id from words a where exists (select from words b where b.b = upper(a.c)) order by 1
---
id
1
2
3
4
6

select b from words where b in (select 'ABC') order by id
---
b
abc
ABC

select id from words where b not in (select upper(c) from words where id = 1) order by id
---
id
2
3
6

select a from words where id < 3 union select a from words where id > 1 order by 1
---
a
abc
ABC
äbc
bbc
zulu
NULL

select a from words where id < 3 intersect select a from words where id > 1 order by 1
---
a
äbc

select upper(b) from words where id < 3 union select b from words where id = 4 order by 1
---
upper
ABC
ÄBC

select 'a' collate "C" < 'b' collate "en-x-icu"
---
ERROR 42P21: collation mismatch between explicit collations "C" and "en-x-icu"
at 30

select a < b from words
---
ERROR 42P22: could not determine which collation to use for string comparison
hint Use the COLLATE clause to set the collation explicitly.

select a < d from words
---
ERROR 42P22: could not determine which collation to use for string comparison
hint Use the COLLATE clause to set the collation explicitly.

select a || b from words order by id
---
?column?
abcabc
äbcäbc
bbcbbc
ABCABC
NULL
zuluZULU

select id from words order by a || d
---
ERROR 42P21: collation mismatch between implicit collations "en-x-icu" and "sv-x-icu"
at 36
hint You can choose the collation by applying the COLLATE clause to one or both expressions.

select a || b collate "C" < c from words order by id
---
?column?
f
f
f
f
NULL
f

select a from words union select d from words
---
ERROR 42P21: collation mismatch between implicit collations "en-x-icu" and "sv-x-icu"
at 34
hint You can choose the collation by applying the COLLATE clause to one or both expressions.

select a from words intersect select d from words
---
ERROR 42P21: collation mismatch between implicit collations "en-x-icu" and "sv-x-icu"
at 38
hint You can choose the collation by applying the COLLATE clause to one or both expressions.

select a from words union all select d from words where false order by 1
---
ERROR 42P22: could not determine which collation to use for string comparison
hint Use the COLLATE clause to set the collation explicitly.

select a from words where false union all select d from words where id = 1
---
a
abc

select lower(a || d) from words
---
ERROR 42P22: could not determine which collation to use for lower() function
hint Use the COLLATE clause to set the collation explicitly.

select 'x' collate nosuch
---
ERROR 42704: collation "nosuch" for encoding "UTF8" does not exist
at 12

select 1 collate "C"
---
ERROR 42804: collations are not supported by type integer
at 10

select * from words order by id collate "C"
---
ERROR 42804: collations are not supported by type integer
at 33

create table bad (a int collate "C")
---
ERROR 42804: collations are not supported by type integer
at 25

create table bad (a text collate nosuch)
---
ERROR 42704: collation "nosuch" for encoding "UTF8" does not exist
at 26

create table bad as select a || d as x from words
---
ERROR 42P22: no collation was derived for column "x" with collatable type text
hint Use the COLLATE clause to set the collation explicitly.

create view bad as select a || d as x from words
---
ERROR 42P22: could not determine which collation to use for view column "x"
hint Use the COLLATE clause to set the collation explicitly.

select pg_collation_for(a), pg_collation_for(b), pg_collation_for(c), pg_collation_for(d collate "C") from words where id = 1
---
pg_collation_for | pg_collation_for | pg_collation_for | pg_collation_for
"en-x-icu" | nocase | "default" | "C"

select pg_collation_for(id) from words
---
ERROR 42804: collations are not supported by type integer

select pg_collation_for('x' collate "de-x-icu"), pg_collation_for(a || 'x') from words where id = 1
---
pg_collation_for | pg_collation_for
"de-x-icu" | "en-x-icu"

select attname, collname from pg_attribute left join pg_collation c on c.oid = attcollation where attrelid = 'words'::regclass and attnum > 0 order by attnum
---
attname | collname
id | NULL
a | en-x-icu
b | nocase
c | default
d | sv-x-icu

select column_name, collation_schema, collation_name from information_schema.columns where table_name = 'words' order by ordinal_position
---
column_name | collation_schema | collation_name
id | NULL | NULL
a | pg_catalog | en-x-icu
b | public | nocase
c | NULL | NULL
d | pg_catalog | sv-x-icu

select id from words where b like 'abc'
---
ERROR 0A000: nondeterministic collations are not supported for LIKE

select id from words where b ilike 'abc'
---
ERROR 0A000: nondeterministic collations are not supported for ILIKE

select id from words where b ~ 'abc'
---
ERROR 0A000: nondeterministic collations are not supported for regular expressions

select id from words where b similar to 'abc'
---
ERROR 0A000: nondeterministic collations are not supported for regular expressions

select strpos(b, 'a') from words
---
ERROR 0A000: nondeterministic collations are not supported for substring searches

select replace(b, 'a', 'b') from words
---
ERROR 0A000: nondeterministic collations are not supported for substring searches

select split_part(b, 'a', 1) from words
---
ERROR 0A000: nondeterministic collations are not supported for substring searches

select starts_with(b, 'a') from words
---
ERROR 0A000: nondeterministic collations are not supported for substring searches

select id from words where a like 'a%' order by id
---
id
1

select id from words where b collate "C" like 'a%' order by id
---
id
1

select lower('HIJ' collate "tr-x-icu"), upper('hij' collate "tr-x-icu"), initcap('hij klm' collate "tr-x-icu"), initcap('hELLO wORLD' collate "en-x-icu")
---
lower | upper | initcap | initcap
hıj | HİJ | Hij Klm | Hello World

select upper('straße' collate "de-x-icu"), lower('ÄÖ' collate "C"), upper('äö' collate "POSIX"), lower('ÄÖ' collate "en-x-icu")
---
upper | lower | upper | lower
STRASSE | ÄÖ | äö | äö

select 'Türkiye' collate "en-x-icu" ilike '%KI%', 'Türkiye' collate "tr-x-icu" ilike '%KI%'
---
?column? | ?column?
t | f

create index words_a on words (a)
---
ok 0

create index words_a_desc on words (a desc nulls last) include (c)
---
ok 0

create index words_b on words (b)
---
ok 0

create index words_c on words (c collate phone)
---
ok 0

create index words_l on words (lower(c) collate "sv-x-icu" desc) where id > 1
---
ok 0

create index words_x on words (id collate "C")
---
ERROR 42804: collations are not supported by type integer

select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'words'::regclass order by 1
---
pg_get_indexdef
CREATE INDEX words_a ON public.words USING btree (a)
CREATE INDEX words_a_desc ON public.words USING btree (a DESC NULLS LAST) INCLUDE (c)
CREATE INDEX words_b ON public.words USING btree (b)
CREATE INDEX words_c ON public.words USING btree (c COLLATE phone)
CREATE INDEX words_l ON public.words USING btree (lower(c) COLLATE "sv-x-icu" DESC) WHERE (id > 1)
CREATE UNIQUE INDEX words_pkey ON public.words USING btree (id)

select a from words order by a
---
a
abc
ABC
äbc
bbc
zulu
NULL

select a from words order by a desc limit 2
---
a
NULL
zulu

select id from words where a = 'ABC'
---
id
4

select id from words where a > 'abc' and a <= 'bbc' order by a
---
id
4
2
3

select id from words where b = 'ABC' order by id
---
id
1
4

select c from words where c collate phone > 'b' order by c collate phone
---
c
bbc
zulu

create table keyed (k text collate nocase primary key, v int unique, n text collate "en-x-icu" unique)
---
ok 0

insert into keyed values ('Foo', 1, 'a'), ('bar', 2, 'A')
---
ok 2

insert into keyed values ('Baz', 3, 'ä') returning *
---
k | v | n
Baz | 3 | ä

select * from keyed order by k
---
k | v | n
bar | 2 | A
Baz | 3 | ä
Foo | 1 | a

select * from keyed order by n
---
k | v | n
Foo | 1 | a
bar | 2 | A
Baz | 3 | ä

select v from keyed where k = 'FOO'
---
v
1

select v from keyed where k > 'BAR' order by k
---
v
3
1

select v from keyed where k in ('BAR', 'foo', 'x') order by v
---
v
1
2

insert into keyed values ('FOO', 4, 'x') on conflict (k) do update set v = keyed.v + 10 returning *
---
k | v | n
Foo | 11 | a

insert into keyed values ('bAr', 4, 'x') on conflict do nothing
---
ok 0

update keyed set k = 'FOO' where k = 'foo' returning *
---
k | v | n
FOO | 11 | a

update keyed set n = 'Ä' where n = 'ä' returning *
---
k | v | n
Baz | 3 | Ä

select * from keyed where k = 'fOO' for update
---
k | v | n
FOO | 11 | a

delete from keyed where k = 'BAZ' returning *
---
k | v | n
Baz | 3 | Ä

create table refers (id int primary key, k text collate nocase references keyed on update cascade on delete cascade)
---
ok 0

insert into refers values (1, 'foo'), (2, 'BAR')
---
ok 2

select r.k, q.k from refers r join keyed q using (k) order by id
---
k | k
foo | FOO
BAR | bar

delete from keyed where k = 'foo'
---
ok 1

select * from refers
---
id | k
2 | BAR

update keyed set k = 'qux' where k = 'bar'
---
ok 1

select * from refers
---
id | k
2 | qux

create domain folded as text collate nocase check (value <> 'no')
---
ok 0

create table domained (x folded)
---
ok 0

insert into domained values ('A'), ('a')
---
ok 2

insert into domained values ('NO')
---
ok 1

select distinct x from domained order by x
---
x
A
NO

select count(*) from domained where x = 'A'
---
count
2

select typcollation = 'nocase'::regcollation from pg_type where typname = 'folded'
---
?column?
t

create table typed (v varchar(8) collate nocase, c char(5) collate nocase, t text[] collate nocase)
---
ok 0

insert into typed values ('A', 'x', '{a,B}'), ('a', 'X', '{A,b}'), ('b', 'x ', '{a}')
---
ok 3

select v, count(*) from typed group by v order by v
---
v | count
A | 2
b | 1

select count(distinct c) from typed
---
count
1

select t, count(*) from typed group by t order by t
---
t | count
{a} | 1
{a,B} | 2

select t[1] = 'a', t = array['A', 'b'] from typed order by v collate "C"
---
?column? | ?column?
t | t
t | t
t | f

select array['a', 'B'] collate "en-x-icu" < array['A', 'b'], row('a' collate "en-x-icu") < row('B'), row('a' collate nocase, 1) = row('A', 1)
---
?column? | ?column? | ?column?
t | t | t

alter table typed add column z text collate nocase default 'q'
---
ok 0

select count(*) from typed where z = 'Q'
---
count
3

alter table typed alter v type text collate "C"
---
ok 0

select v, count(*) from typed group by v order by v
---
v | count
A | 1
a | 1
b | 1

alter table words alter a type text collate "sv-x-icu"
---
ok 0

select a from words order by a
---
a
abc
ABC
bbc
zulu
äbc
NULL

select id from words where a > 'z' order by id
---
id
2
6

alter table words alter a type text
---
ok 0

select a from words order by a
---
a
ABC
abc
bbc
zulu
äbc
NULL

alter collation posix2 rename to phone
---
ERROR 42710: collation "phone" already exists in schema "public"

alter collation posix2 rename to posix3
---
ok 0

alter collation nosuch rename to x
---
ERROR 42704: collation "nosuch" for encoding "UTF8" does not exist

alter collation posix3 refresh version
---
notice version has not changed
ok 0

comment on collation posix3 is 'code points'
---
ok 0

select obj_description('posix3'::regcollation, 'pg_collation'), 'posix3'::regcollation, 'nosuch'::text
---
obj_description | regcollation | text
code points | posix3 | nosuch

drop collation nosuch
---
ERROR 42704: collation "nosuch" for encoding "UTF8" does not exist

drop collation if exists nosuch
---
notice collation "nosuch" does not exist, skipping
ok 0

drop collation posix3
---
ok 0

drop table refers, keyed, domained, typed
---
ok 0

drop domain folded
---
ok 0

drop table words
---
ok 0

drop collation phone, nocase, noaccent
---
ok 0

create schema spoken
---
ok 0

create collation spoken.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)
---
ok 0

create table spoken.words (w text collate spoken.folded primary key)
---
ok 0

drop schema spoken cascade
---
notice drop cascades to 2 other objects
detail drop cascades to collation spoken.folded
drop cascades to table spoken.words
ok 0

select count(*) from pg_collation where collname = 'folded'
---
count
0
