(ns shardforge.jepsen.workload.register
  "Registers that are read, written and compared-and-set, each on its own;
  Knossos looks for an order."
  (:require [jepsen [client :as client]
                    [independent :as independent]]
            [jepsen.tests.linearizable-register :as register]
            [knossos.model :as model]
            [shardforge.jepsen.client :as c]))

(defrecord Client [session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking Client
      (c/setup-schema!
        test (first (:nodes test))
        ["CREATE TABLE IF NOT EXISTS registers (id int PRIMARY KEY, val int)"])))

  (invoke! [this test op]
    (let [[k v]    (:value op)
          complete (fn [type value]
                     (assoc op :type type, :value (independent/tuple k value)))]
      (c/invoke
        session op (= :read (:f op))
        (fn [conn]
          (case (:f op)
            :read
            (complete :ok (:val (first (c/query conn ["SELECT val FROM registers
                                                       WHERE id = ?" k]))))

            :write
            (do (c/execute conn ["INSERT INTO registers (id, val) VALUES (?, ?)
                                  ON CONFLICT (id) DO UPDATE SET val = excluded.val"
                                 k v])
                (complete :ok v))

            :cas
            (let [[old new] v]
              (if (= 1 (c/execute conn ["UPDATE registers SET val = ?
                                         WHERE id = ? AND val = ?" new k old]))
                (complete :ok v)
                (assoc op :type :fail, :error [:no-match]))))))))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn workload
  [opts]
  (-> (register/test {:nodes         (:nodes opts)
                      :model         (model/cas-register)
                      :per-key-limit 150})
      (assoc :client (Client. nil))))
