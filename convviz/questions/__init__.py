"""What a learner is asked, and which mistake a wrong answer comes from."""
