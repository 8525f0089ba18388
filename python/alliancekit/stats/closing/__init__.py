"""Does the gap close within the session? Its rate, the verdict, and what it takes to say that it does not."""
