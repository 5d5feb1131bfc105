-- A page of a list reads twenty records whole: what fits into a page of the table lies in its row, neither compressed nor elsewhere.
-- What is there already stays as it is until it is made anew.
ALTER TABLE product_records SET (toast_tuple_target = 8160);
