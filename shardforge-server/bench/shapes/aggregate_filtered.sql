select count(*), sum(price) from line where quantity = 3 and item % 10 = 7;
