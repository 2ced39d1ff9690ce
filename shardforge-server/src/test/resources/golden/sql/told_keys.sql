# What errors tell of keys to who may not read them.
create role told login
---
ok 0

create table pk (a int primary key, s text unique)
---
ok 0

create table fk (a int references pk, b text)
---
ok 0

insert into pk values (1, 'secret')
---
ok 1

insert into fk values (1, 'x')
---
ok 1

grant insert, update, delete on pk, fk to told
---
ok 0

grant select (b) on fk to told
---
ok 0

grant select (a) on pk to told
---
ok 0

set session authorization told
---
ok 0

insert into fk values (7, 'y')
---
ERROR 23503: insert or update on table "fk" violates foreign key constraint "fk_a_fkey"
detail Key is not present in table "pk".

delete from pk where a = 1
---
ERROR 23503: update or delete on table "pk" violates foreign key constraint "fk_a_fkey" on table "fk"
detail Key (a)=(1) is still referenced from table "fk".

insert into pk values (2, 'secret')
---
ERROR 23505: duplicate key value violates unique constraint "pk_s_key"

begin
---
ok 0

insert into pk values (2, 'secret')
---
ERROR 23505: duplicate key value violates unique constraint "pk_s_key"

rollback
---
ok 0

update pk set a = 9 where a = 1
---
ERROR 23503: update or delete on table "pk" violates foreign key constraint "fk_a_fkey" on table "fk"
detail Key (a)=(1) is still referenced from table "fk".

reset session authorization
---
ok 0

grant select (a) on fk to told
---
ok 0

revoke select (a) on pk from told
---
ok 0

set session authorization told
---
ok 0

insert into fk values (7, 'y')
---
ERROR 23503: insert or update on table "fk" violates foreign key constraint "fk_a_fkey"
detail Key (a)=(7) is not present in table "pk".

delete from pk
---
ERROR 23503: update or delete on table "pk" violates foreign key constraint "fk_a_fkey" on table "fk"
detail Key is still referenced from table "fk".

reset session authorization
---
ok 0

grant select on pk to told
---
ok 0

set session authorization told
---
ok 0

insert into pk values (2, 'secret')
---
ERROR 23505: duplicate key value violates unique constraint "pk_s_key"
detail Key (s)=(secret) already exists.

begin
---
ok 0

insert into pk values (2, 'secret')
---
ERROR 23505: duplicate key value violates unique constraint "pk_s_key"
detail Key (s)=(secret) already exists.

rollback
---
ok 0

insert into pk values (null, 'q')
---
ERROR 23502: null value in column "a" of relation "pk" violates not-null constraint
detail Failing row contains (null, q).

reset session authorization
---
ok 0

drop table pk, fk
---
ok 0

drop role told
---
ok 0
