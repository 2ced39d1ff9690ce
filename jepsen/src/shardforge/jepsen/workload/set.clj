(ns shardforge.jepsen.workload.set
  "Elements are added to one table; every read must find those whose addition
  was acknowledged."
  (:require [jepsen [checker :as checker]
                    [client :as client]
                    [generator :as gen]]
            [shardforge.jepsen.client :as c]))

(defrecord Client [session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking Client
      (c/setup-schema!
        test (first (:nodes test))
        ["CREATE TABLE IF NOT EXISTS elements (id int PRIMARY KEY)"])))

  (invoke! [this test op]
    (c/invoke session op (= :read (:f op))
              (fn [conn]
                (case (:f op)
                  :add
                  (do (c/execute conn ["INSERT INTO elements (id) VALUES (?)"
                                       (:value op)])
                      (assoc op :type :ok))

                  :read
                  (assoc op
                         :type  :ok
                         :value (into (sorted-set)
                                      (map :id (c/query conn ["SELECT id FROM elements"]))))))))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn workload
  [_]
  {:client          (Client. nil)
   :checker         (checker/set-full {:linearizable? true})
   :generator       (gen/mix [(map (fn [x] {:f :add, :value x}) (range))
                              (map (fn [x] {:f :add, :value (- -1 x)}) (range))
                              (gen/repeat {:f :read})])
   :final-generator (gen/each-thread (gen/until-ok (gen/repeat {:f :read})))})
