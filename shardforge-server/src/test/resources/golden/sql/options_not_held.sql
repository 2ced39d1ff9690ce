create role onh_a
---
ok 0

create role onh_b
---
ok 0

create table onh (a int, b int)
---
ok 0

grant insert on onh to onh_a with grant option
---
ok 0

grant select on onh to onh_a
---
ok 0

grant update (a) on onh to onh_a
---
ok 0

set role onh_a
---
ok 0

grant select on onh to onh_b
---
notice no privileges were granted for "onh"
ok 0

grant insert, select on onh to onh_b
---
notice not all privileges were granted for "onh"
ok 0

grant all on onh to onh_b
---
ok 0

revoke all on onh from onh_b
---
ok 0

revoke delete on onh from onh_b
---
notice no privileges could be revoked for "onh"
ok 0

grant update (a) on onh to onh_b
---
notice no privileges were granted for column "a" of relation "onh"
ok 0

grant update (a), insert (a) on onh to onh_b
---
notice not all privileges were granted for column "a" of relation "onh"
ok 0

grant all (a) on onh to onh_b
---
ok 0

grant insert on onh to onh_b with grant option
---
ok 0

revoke grant option for insert on onh from onh_b
---
ok 0

revoke insert on onh from onh_a
---
ok 0

reset role
---
ok 0

select replace(attacl::text, current_user, 'owner') from pg_attribute where attrelid = 'onh'::regclass and attname = 'a'
---
replace
{onh_a=w/owner,onh_b=a/onh_a}

revoke insert on onh from onh_a
---
ERROR 2BP01: dependent privileges exist
hint Use CASCADE to revoke them too.

revoke insert on onh from onh_a cascade
---
ok 0

drop table onh
---
ok 0

drop role onh_a, onh_b
---
ok 0
