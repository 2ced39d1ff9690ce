select to_char(1234.5, 'FM9,999.00'), to_char(-7, 'S99'), to_char(7, '99S'), to_char(-7.25, '99.99PR')
---
to_char | to_char | to_char | to_char
1,234.50 |  -7 |  7+ |  <7.25>

select to_char(v, 'MI9G999D9') as a, to_char(v, 'SG0999') as b, to_char(v, 'FM990.099') as c, to_char(v, 'PL99') as d
from (values (0.0), (5.25), (-41.5), (8765.4), (99999)) t(v)
---
a | b | c | d
      .0 | +0000 | 0.0 | +  0
     5.3 | +0005 | 5.25 | +  5
-   41.5 | -0042 | -41.5 |  -42
 8,765.4 | +8765 | ###.### | + ##
 #,###.# | +#### | ###.### | + ##

select to_char(v, 'FM999.') as a, to_char(v, '9.99EEEE') as b, to_char(v, '099V9') as c, to_char(v, '9th') as d
from (values (0), (3), (-3), (450)) t(v)
---
a | b | c | d
0 |  0.00e+00 |  0000 |  0th
3 |  3.00e+00 |  0030 |  3rd
-3 | -3.00e+00 | -0030 | -3
450 |  4.50e+02 |  4500 |  #

select to_char(v, '99.9') as a, to_char(v, 'MI999999999.9') as b, to_char(v, '9.9EEEE') as c
from (values ('NaN'::numeric), ('Infinity'), ('-Infinity')) t(v)
---
a | b | c
 ##.# |        NaN |  #.#####
 ##.# |   Infinity |  #.#####
-##.# | - Infinity |  #.#####

select to_char(v, '99.9') as a, to_char(v, 'MI999999999.9') as b, to_char(v, '9.9EEEE') as c
from (values ('NaN'::float8), ('Infinity'), ('-Infinity'), ('-0'), (-0.04)) t(v)
---
a | b | c
 ##.# |        NaN |  #.#####
 ##.# |   Infinity |  #.#####
-##.# | - Infinity |  #.#####
  -.0 | -         .0 | -0.0e+00
  -.0 | -         .0 | -4.0e-02

select to_char('Infinity'::float4, 'MI99.9'), to_char(987654321::float4, '999999999999.99')
---
to_char | to_char
 ##. |     987654336

select to_char(12.5, 'a"bc\"d"99\"x.9'), to_char(12.5, '\\99'), to_char(12.5, '"x\\"99'), to_char(12.5, 'Th99')
---
to_char | to_char | to_char | to_char
abc"d 12"x.5 | \\ 13 | x\ 13 | Th 13

select to_char(2026, 'RN'), to_char(4, 'FMrn'), to_char(0, 'RN'), to_char(14.6, 'FM"no. "RN')
---
to_char | to_char | to_char | to_char
         MMXXVI | iv | ############### | no. XV

select to_char(65::bigint, 'L99'), to_char(1234567::bigint, '9,9,9,9,9,9,9'), to_char(12, '0G000G000')
---
to_char | to_char | to_char
  65 |  1,2,3,4,5,6,7 |  0,000,012

select to_char(1, '9S9S')
---
ERROR 42601: cannot use "S" twice

select to_char(1, 'SMI9')
---
ERROR 42601: cannot use "S" and "MI" together

select to_char(1, '9PR9')
---
ERROR 42601: "9" must be ahead of "PR"

select to_char(1, '9.9.9')
---
ERROR 42601: multiple decimal points

select to_char(1, '9V.9')
---
ERROR 42601: cannot use "V" and decimal point together

select to_char(1, 'EEEE9')
---
ERROR 42601: "EEEE" must be the last pattern used

select to_char(1, 'FM9EEEE')
---
ERROR 42601: "EEEE" is incompatible with other formats
detail "EEEE" may only be used together with digit and decimal point patterns.

select to_char(1, '') is null, to_number('1', '') is null
---
?column? | ?column?
f | t

select to_number('1,234.5-', '9,999.9S'), to_number('<3.25>', '9.99PR'), to_number('  42', '99999')
---
to_number | to_number | to_number
-1234.5 | -3.25 | 42

select to_number('12', '99.99'), to_number('.5', '9.9'), to_number('-6.50-', 'S9.99'), to_number('1.75', '9')
---
to_number | to_number | to_number | to_number
12 | 0.5 | -6.50 | 1

select to_number('$1,2,3', 'L9G9G9'), to_number('USD77', '"   "99'), to_number('5th', '9th'), to_number('123,456', '999G')
---
to_number | to_number | to_number | to_number
123 | 77 | 5 | 123

select to_number('12345', '99V999')
---
to_number
12.3450000000000000

select to_number('1234', '9') as digits
---
digits
1

select to_number('x', '9')
---
ERROR 22P02: invalid input syntax for type numeric: " "

select to_number('IV', 'RN')
---
ERROR 0A000: "RN" not supported for input

select round(7.6e2000, -2000) = 8e2000, trunc(7.6e2000, -2000) = 7e2000, round(7.6e2000, -2002), round(4e-3000, 2999) = 0
---
?column? | ?column? | round | ?column?
t | t | 0 | t

select log10(1::numeric), log10(4.2::numeric), 10.0 ^ (-3000)
---
log10 | log10 | ?column?
0.0000000000000000 | 0.6232492903979005 | 0.0000000000000000

select covar_pop(1::float8, 'Infinity'::float8), covar_samp(1, 'NaN'::float8), corr('Infinity'::float8, 2)
---
covar_pop | covar_samp | corr
NaN | NULL | NULL
