(ns shardforge.jepsen.workload.bank
  "Transfers between accounts; whoever reads them all finds the same total."
  (:require [jepsen [client :as client]]
            [jepsen.tests.bank :as bank]
            [shardforge.jepsen.client :as c]))

(defn schema
  []
  ["CREATE TABLE IF NOT EXISTS accounts (id int PRIMARY KEY, balance bigint NOT NULL)"])

(defn fill!
  "All the money is in the first account at the beginning."
  [test]
  (c/set-up!
    test (first (:nodes test))
    (fn [conn]
      (c/with-txn [tx conn]
        (doseq [a (:accounts test)]
          (c/execute tx ["INSERT INTO accounts (id, balance) VALUES (?, ?)
                          ON CONFLICT (id) DO NOTHING"
                         a (if (= a (first (:accounts test)))
                             (:total-amount test)
                             0)]))))))

(defn balance
  "An account's balance; locks the row where the isolation level does not
  protect what was read."
  [test conn account]
  (-> (c/query conn [(str "SELECT balance FROM accounts WHERE id = ?"
                          (when (= :read-committed (:isolation test))
                            " FOR UPDATE"))
                     account])
      first
      :balance))

(defn transfer!
  [test conn {:keys [from to amount]}]
  (let [; In one order, so that locks do not deadlock more than they must.
        found (into {} (map (fn [a] [a (balance test conn a)])
                            (sort [from to])))
        left  (- (found from) amount)]
    (when (neg? left)
      (c/refuse! [:insufficient-funds left]))
    (c/execute conn ["UPDATE accounts SET balance = ? WHERE id = ?" left from])
    (c/execute conn ["UPDATE accounts SET balance = ? WHERE id = ?"
                     (+ (found to) amount) to])))

(defrecord Client [filled session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking filled
      (when (compare-and-set! filled false true)
        (c/setup-schema! test (first (:nodes test)) (schema))
        (fill! test))))

  (invoke! [this test op]
    (c/invoke session op (= :read (:f op))
              (fn [conn]
                (case (:f op)
                  :read
                  (assoc op
                         :type  :ok
                         :value (->> (c/query conn ["SELECT id, balance FROM accounts"])
                                     (map (juxt :id :balance))
                                     (into (sorted-map))))

                  :transfer
                  (do (c/with-txn [tx conn]
                        (transfer! test tx (:value op)))
                      (assoc op :type :ok))))))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn workload
  [_]
  (assoc (bank/test)
         :client (Client. (atom false) nil)))
