select pg_input_is_valid('1', 'int'), pg_input_is_valid('x', 'int'), pg_input_is_valid('123456', 'varchar(4)'), pg_input_is_valid('1e999', 'float8'), pg_input_is_valid('1.5', 'numeric(2,1)')
---
pg_input_is_valid | pg_input_is_valid | pg_input_is_valid | pg_input_is_valid | pg_input_is_valid
t | f | f | f | t

select * from pg_input_error_info('50000000000', 'int')
---
message | detail | hint | sql_error_code
value "50000000000" is out of range for type integer | NULL | NULL | 22003

select * from pg_input_error_info('{1,2', 'int[]')
---
message | detail | hint | sql_error_code
malformed array literal: "{1,2" | Unexpected end of input. | NULL | 22P02

select * from pg_input_error_info('1', 'int')
---
message | detail | hint | sql_error_code
NULL | NULL | NULL | NULL

select pg_input_is_valid('1', 'nothing')
---
ERROR 42704: type "nothing" does not exist

select to_bin(10), to_bin(-1), to_oct(64), to_oct(64::bigint), to_bin(-1::bigint) like '1111%'
---
to_bin | to_bin | to_oct | to_oct | ?column?
1010 | 11111111111111111111111111111111 | 100 | 100 | t

select any_value(x), any_value(x) filter (where x is null) from (values (null), (7), (null)) v (x)
---
any_value | any_value
7 | NULL
